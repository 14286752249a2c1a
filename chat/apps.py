from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Threads and posts."""

    name = "chat"

    def ready(self) -> None:
        from chat import holdings
        from chat.actions import expiring, hours, later, posts
        from chat.held import HeldMessage
        from chat.selectors import bylines, hidden, noticed
        from chat.subjects import PostSubject
        from community.actions import due, names, personas
        from community.selectors import avatars, unseen
        from core import ticker
        from core.registries import held, subjects, talk

        holdings.register()
        avatars.offer(bylines.avatar_svg)
        unseen.offer(hidden.hides_name)
        subjects.register(PostSubject())
        talk.register(noticed.latest)
        held.register(later.ACT, HeldMessage())
        due.register(later.ACT, later.publish, prepare=later.prepare)
        due.register(personas.TAKE_AWAY, posts.take_away_what_a_name_wrote)
        names.after_publishing(hours.follow_policy)
        ticker.register("fold the rhythm of groups", hours.fold, every=3600)
        ticker.register("forget client ids", posts.forget_client_ids, every=3600)
        ticker.register("take away what is to go", expiring.take_away_due, every=60)
