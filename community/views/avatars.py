"""Pictures of faces, under addresses that tell nothing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from community.selectors import avatars


@require_safe
def avatar(request: HttpRequest, avatar_id: str) -> HttpResponse:
    """One picture. Its address is random, it never changes, and looking at it needs no cookie."""
    svg = avatars.find(avatar_id=avatar_id)
    if svg is None:
        raise Http404
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
