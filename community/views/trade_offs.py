"""What each choice about names protects and costs, for everybody."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community import papers, trade_offs


@require_safe
def trade_offs_list(request: HttpRequest) -> HttpResponse:
    """All choices, and what papers found about such groups as a whole."""
    found = trade_offs.pages().values()
    context = {
        "chosen": [page for page in found if page.setting],
        "fixed": [page for page in found if not page.setting],
        "findings": trade_offs.whole(),
        "papers": papers.papers().values(),
    }
    return render(request, "community/trade_offs.html", context)


@require_safe
def trade_off(request: HttpRequest, slug: str) -> HttpResponse:
    """One choice: against whom it protects, what it costs, what papers found, what we measured."""
    pages = trade_offs.pages()
    if slug not in pages:
        raise Http404
    page = pages[slug]
    context = {"page": page, "related": [pages[other] for other in page.related]}
    return render(request, "community/trade_off.html", context)
