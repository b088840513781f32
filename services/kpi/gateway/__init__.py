"""The gateway: figures over GraphQL. A process of its own that reads kpi's tables and changes nothing."""
