"""What aggregates and rules may import: words of the domain, without any input or output."""
