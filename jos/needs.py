"""What a service must have been given before it can start; looked at first, so that a mistake is told at once."""

from shared.settings import SERVICES, Misconfigured, Settings

SECRETS = {
    "registry": ("registry_app", "token.key"),
    "interventions": ("interventions_app", "vault_app", "token.key", "vault.key"),
    "contracts": ("contracts_app", "token.key"),
    "kpi": ("kpi_app", "token.key"),
    "gateway": ("kpi_gateway", "token.key"),
}
"""The secrets that each service cannot start without; those of the feeds are looked for when a log is first read."""


def check(service: str, settings: Settings) -> None:
    """Raise `Misconfigured` for what is known to be wrong before anybody is asked for anything."""
    for name in SECRETS.get(service, ()):
        settings.secret(name)
    if settings.feed == "kafka" and service in SERVICES:
        from shared.feeds.kafka.clients import check as check_kafka

        settings.secret("feed.key")
        check_kafka(settings)
    if settings.mode == "production" and service != "issuer" and not settings.issuer.startswith("https://"):
        raise Misconfigured("JOS_ISSUER", "must be https in production")
