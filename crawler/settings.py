"""Every setting that is not Scrapy's default, with its reason. What a person decides stands in config/crawl.toml."""

from importlib.metadata import version

from crawler.config import load

_config = load()

BOT_NAME = "gongkai"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# An honest name and a contact; the archive that takes what is received.
CONTACT = _config.contact
USER_AGENT = _config.user_agent(version("gongkai"))
ARCHIVE_ROOT = "archive"
ARCHIVE_HOLDS = "real"
ONLY_DUE = False  # whether reports come from the archive until it is time to ask for them again (crawler.schedule)
SITES = ""  # another registry; empty: config/sites.csv
ALLOWED_ADDRESSES: list[str] = []  # networks that are open though they are not public: tests and the demo

# Politeness. With a delay of 0 Scrapy 2.19 does not keep to one request at a time, so 0 is refused (config.load).
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = _config.delay
DOWNLOAD_DELAY_JITTER = _config.jitter
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = 1  # a crawler has one site: more would only wait in the queue, past the checks made before it
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # as listed, the newest reports first; not last in, first out

# Bounds: an answer, a chain of redirects, a run.
DOWNLOAD_TIMEOUT = _config.timeout
DOWNLOAD_MAXSIZE = _config.largest_body
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 10  # seconds; a page that is shown anew every minute is no redirect
RETRY_TIMES = 2
# Scrapy's own without 429: who asks for fewer requests is not asked three times; crawler.rest counts it as a wall
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408]
HOURS = _config.hours
DEPTH_LIMIT = 300  # a list that only says "next page" is as deep as it is long; the families stop at 200 pages
MOST_LEADS = _config.most_leads
MOST_PAGES = _config.most_pages
CLOSESPIDER_PAGECOUNT = 0  # counts what comes from the archive too: a large site would never get further
CLOSESPIDER_TIMEOUT = int(_config.most_minutes * 60)

# Every response is in the archive before a callback sees it; other schemes than the web's are closed.
DOWNLOAD_HANDLERS = {
    "http": "crawler.handler.ArchivingHandler",
    "https": "crawler.handler.ArchivingHandler",
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.within_hours.WithinHoursMiddleware": 5,
    "crawler.safety.SafeAddressMiddleware": 10,  # before anything is asked, robots.txt too
    "crawler.own_site.OwnSiteMiddleware": 20,
    "crawler.budget.LeadBudgetMiddleware": 30,
    "crawler.robots.Rfc9309Middleware": 100,
    "crawler.rest.RestAfterWallsMiddleware": 555,  # sees an answer before it is retried (550)
    "crawler.retry_after.RetryAfterMiddleware": 560,  # sees an answer before it is retried (550)
    "crawler.redirects.FollowedRefreshMiddleware": 580,
    "crawler.redirects.FollowedRedirectMiddleware": 600,
    "crawler.increment.IncrementMiddleware": 900,  # next to the downloader
}
ITEM_PIPELINES = {"crawler.pipelines.ArchivePipeline": 100}
EXTENSIONS = {"crawler.extensions.RunKeeper": 0, "crawler.extensions.CrawlDelay": 0}
TWISTED_DNS_RESOLVER = "crawler.safety.SafeResolver"

# What others could reach or would make Scrapy reach out: cookies load a list from the network at the first Set-Cookie,
# the consoles run code for whoever connects.
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
UNVERIFIED_HOSTS = list(_config.unverified)

# The last lock: bodies and headers have their own bounds (largest_body, crawler/bounded_headers.py).
MEMUSAGE_LIMIT_MB = 2048

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",  # what the archive can decode without further packages
}
LOG_LEVEL = "INFO"
LOG_SHORT_NAMES = True
