from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Groups, charters, members, personas, rota, services."""

    name = "community"

    def ready(self) -> None:
        from community import duties, holdings
        from community.models.standing import StandingEvent, StandingStream
        from core.live import revocations

        holdings.register()
        duties.register()
        revocations.register(
            revocations.from_log(name="standings", streams=StandingStream, events=StandingEvent, final=False)
        )
