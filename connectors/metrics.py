"""What operators watch. Labels are names of ours, never anything a resident sent."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

TAKEN = Counter("jzt_messages_taken_total", "Callbacks stored, fresh or delivered again.", ["channel", "kind"])
REFUSED = Counter("jzt_callbacks_refused_total", "Callbacks that could not prove their sender.", ["channel"])
SENT = Counter("jzt_replies_sent_total", "Replies that left, by way.", ["channel", "way"])
ACKNOWLEDGED = Histogram(
    "jzt_acknowledge_seconds",
    "From a callback's first byte to its acknowledgement.",
    ["channel"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 3.5, 4.5, 5),
)
ROWS = Gauge("jzt_messages", "Rows of the message table by state.", ["state"])
EDITION = Gauge("jzt_edition", "The number of the edition in force in this process.")
ENGINE = Gauge("jzt_engine_up", "1 while the engine answers.")
OFFICE = Counter(
    "jzt_office_requests_total", "Requests of the office's own system, by the status they got.", ["status"]
)
MISSES = Gauge("jzt_lookup_misses_hour", "Wrong guesses at somebody's case within the last hour.")
MISSES_ALARM = Gauge("jzt_lookup_alarm", "1 while the wrong guesses of the last hour are more than people make.")
BREAKER = Gauge("jzt_breaker_open", "1 while turns wait for an engine that failed.")
TOKEN_DAYS = Gauge("jzt_token_days", "Days until a token ends that only a person can renew.", ["channel"])
APP = Counter("jzt_app_requests_total", "Calls of the app's API, by the status they got.", ["status"])
