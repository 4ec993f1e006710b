"""config/crawl.toml: what is no setting or no number is refused by name, and a delay of 0 in whatever way it comes."""

import pytest

from crawler import config
from crawler.config import ConfigError, CrawlConfig
from crawler.items import Site
from crawler.run import CrawlError, crawl

PUBLIC = Site(id="baishi", start_url="http://baishi.example/nb/")


def written(tmp_path, text):
    path = tmp_path / "crawl.toml"
    path.write_text(text, "utf-8")
    return path


def test_what_is_not_said_has_its_default(tmp_path):
    found = config.load(written(tmp_path, 'contact = "desk@archive.example"\ndelay = 2\n'))
    assert found == CrawlConfig(contact="desk@archive.example", delay=2)
    assert "desk@archive.example" in found.user_agent("1.2")
    assert found.user_agent("1.2").startswith("Gongkai/1.2 ")


def test_the_configuration_of_this_repository_is_usable_and_names_nobody():
    assert config.load().contact == ""
    assert "no contact set" in config.load().user_agent("1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("delay = 0", "delay must be above 0"),
        ("delay = -1", "delay must be above 0"),
        ("delay = nan", "delay must be above 0"),
        ('delay = "1"', "delay"),
        ("contact = 5", "contact"),
        ('contact = "the desk"', "contact must hold an e-mail address or a page (http...), not 'the desk'"),
        ("timeout = 0", "timeout must be above 0"),
        ("timeout = nan", "timeout must be above 0"),
        ("largest_body = -1", "largest_body must be above 0"),
        ("most_leads = 0", "most_leads must be above 0"),
        ("most_pages = 0", "most_pages must be above 0"),
        ("most_minutes = 0", "most_minutes must be above 0"),
        ("most_pages = true", "most_pages"),
        ("jitter = 1.5", "jitter must be from 0 to below 1"),
        ("delays = 1", "unknown delays"),
        ("delay = x\n", "line 1"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path, text, said):
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        config.load(path)
    assert str(error.value).startswith(str(path))
    assert said in str(error.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml"):
        config.load(tmp_path / "none.toml")


def test_a_public_site_without_a_contact_is_refused_before_anything_is_made(tmp_path):
    with pytest.raises(CrawlError, match=r"baishi: set a contact in config/crawl\.toml"):
        crawl([PUBLIC], archive_root=tmp_path / "archive")
    assert not (tmp_path / "archive").exists()


def test_an_opened_network_does_not_open_a_public_site_without_a_contact(tmp_path):
    with pytest.raises(CrawlError, match="set a contact"):
        crawl([PUBLIC], archive_root=tmp_path / "archive", allow_addresses=["127.0.0.0/8"])


@pytest.mark.parametrize("delay", [0, -1, "0"])
def test_a_delay_of_0_by_settings_is_refused_too(tmp_path, delay):
    settings = {"CONTACT": "desk@archive.example", "DOWNLOAD_DELAY": delay}
    with pytest.raises(CrawlError, match="DOWNLOAD_DELAY must be above 0"):
        crawl([PUBLIC], archive_root=tmp_path / "archive", settings=settings)
    assert not (tmp_path / "archive").exists()


def test_nothing_to_crawl_and_a_network_that_is_none_are_told(tmp_path):
    with pytest.raises(CrawlError, match=r"add a line to config/sites\.csv"):
        crawl([], archive_root=tmp_path / "archive")
    with pytest.raises(CrawlError, match=r"--allow-address.*loopback"):
        crawl([PUBLIC], archive_root=tmp_path / "archive", allow_addresses=["loopback"])
