from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """Groups, charters, members, personas, rota, services."""

    name = "community"

    def ready(self) -> None:
        from community import closing, coaches, duties, fact_kinds, holdings
        from community.models.standing import StandingEvent, StandingStream
        from community.selectors import standing
        from core.live import revocations
        from core.registries import closing as closings
        from core.registries import screening

        fact_kinds.kinds()  # a file with a mistake stops the start
        holdings.register()
        duties.register()
        screening.register(advises=coaches.advise)
        closings.register(closing.InGroups())
        for name, for_all in ((standing.NAME, False), (standing.SITE, True)):
            revocations.register(
                revocations.from_log(
                    name=name, streams=StandingStream, events=StandingEvent, final=False, for_all=for_all
                )
            )
