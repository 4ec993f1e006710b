"""The kinds of failure that no server on loopback shows easily."""

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, IgnoreRequest

from crawler.failures import classify_error
from crawler.own_site import AnotherSiteError
from crawler.rest import DownError, SiteRestsError


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (
            DownloadFailedError("OpenSSL.SSL.Error: [('SSL routines', '', 'certificate verify failed')]"),
            "refused",
            "certificate cannot be verified",
        ),
        (DownloadFailedError("ended"), "refused", "without an answer"),
        (CannotResolveHostError("x.example"), "refused", "no connection"),
        (DownError("5 requests in a row", "timeout"), "timeout", "in a row"),
        (SiteRestsError("rests until the next run"), "blocked", "rests"),
        (AnotherSiteError("on another host"), "not_followed", "another host"),
        (IgnoreRequest("max redirections reached"), "not_followed", "max redirections"),
        (ValueError("odd"), "other", "ValueError: odd"),
    ],
)
def test_an_error_has_its_kind_and_says_what_it_is(error, kind, said):
    found, message = classify_error(error)
    assert found == kind
    assert said in message
