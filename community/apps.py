from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Groups, charters, members, personas, rota, services."""

    name = "community"

    def ready(self) -> None:
        from community import closing, coaches, duties, fact_kinds, holdings
        from community.models.standing import StandingEvent, StandingStream
        from core.live import revocations
        from core.registries import closing as closings
        from core.registries import screening

        fact_kinds.kinds()  # a file with a mistake stops the start
        holdings.register()
        duties.register()
        screening.register(coaches.advise)
        closings.register(closing.InGroups())
        revocations.register(
            revocations.from_log(name="standings", streams=StandingStream, events=StandingEvent, final=False)
        )
