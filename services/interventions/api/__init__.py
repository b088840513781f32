"""The service as it is seen from outside: one module per kind of resource."""
