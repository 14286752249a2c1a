from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Threads and posts."""

    name = "chat"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from chat import holdings
        from chat.actions import blocks, expiring, hours, later, posts, statements
        from chat.held import HeldMessage
        from chat.policies.labels import looks_after
        from chat.selectors import bylines, hidden, labels, noticed
        from chat.subjects import PostSubject
        from chat.views import proposals, waiting
        from community.actions import due, names, personas, roles
        from community.selectors import avatars, unseen
        from core import ticker
        from core.registries import held, slots, subjects, tabs, talk

        holdings.register()
        avatars.offer(bylines.avatar_svg)
        unseen.offer(hidden.hides_name)
        tabs.register(
            tabs.Tab(
                page="chat:advice", title=_("About advice"), is_for=looks_after, count=labels.how_many_wait
            )
        )
        subjects.register(PostSubject())
        talk.register(noticed.latest)
        held.register(later.ACT, HeldMessage())
        slots.fill("another name", waiting.on_another_name)
        slots.fill("change of the promise", proposals.on_promise_page)
        due.register(later.ACT, later.publish, prepare=later.prepare)
        personas.with_a_name(posts.take_away_what_a_name_wrote)
        due.register(posts.AROUND, posts.forget_around)
        names.after_publishing(hours.follow_policy)
        roles.before_change(blocks.announce_blocked)
        ticker.register("fold the rhythm of groups", hours.fold, every=3600)
        ticker.register("count who agrees", statements.count_agreed, every=3600)
        ticker.register("forget client ids", expiring.forget_client_ids, every=3600)
        ticker.register("take away what is to go", expiring.take_away_due, every=60)
