"""What somebody wrote, to hand it back when it could not be taken."""

from __future__ import annotations

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

# The fields people write sentences in. Never those of a passphrase, of recovery words or of a code.
WRITTEN = {
    "title", "text", "answer", "about", "note", "example", "consequence", "purpose", "what_it_is_not", "who_can_see",
    "third_party_privacy", "easy_read", "facts", "message", "questions", "first", "wish", "changed", "analysis",
    "complaints", "contact", "controller", "done", "groups", "how_to_stop", "never_gets", "passage", "plan", "purposes",
    "question", "reads", "recipients", "rewording", "risks", "thanks", "told", "transfers", "use", "who", "why",
    "outside", "funding", "interests", "watchers", "what",
}  # fmt: skip
UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError)


def words_in(request: HttpRequest) -> list[str]:
    """What was written, in the order of the form."""
    try:
        sent = request.POST
    except UNREADABLE:
        return []
    # A form that repeats puts its number before the field's name.
    return [words for name in sent if name.rpartition("-")[2] in WRITTEN and (words := sent[name]).strip()]
