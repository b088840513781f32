"""The pseudonym vault (kluis): what ties a provider's reference to a subject, in a database of its own."""
