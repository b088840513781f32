"""The built-in issuer of tokens, for one machine and the demo; in production any OpenID provider takes its place."""
