from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Groups, charters, members, personas, rota, services."""

    name = "community"

    def ready(self) -> None:
        from community import duties, fact_kinds, holdings
        from community.models.standing import StandingEvent, StandingStream
        from core.live import revocations

        fact_kinds.kinds()  # a file with a mistake stops the start
        holdings.register()
        duties.register()
        revocations.register(
            revocations.from_log(name="standings", streams=StandingStream, events=StandingEvent, final=False)
        )
