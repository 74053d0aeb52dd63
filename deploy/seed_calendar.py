"""Print content/calendar.csv anew from the library `chinesecalendar`, which follows the State Council's notices.

Only for whoever keeps the content, each year after the notice of November; the product never needs the library:

    python3 -m venv calendar-venv && calendar-venv/bin/pip install chinesecalendar
    calendar-venv/bin/python deploy/seed_calendar.py 2026 2027 > content/calendar.csv
"""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta

import chinese_calendar

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}


def main(first: int, last: int) -> None:
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(("day", "kind", "note", "source"))
    source = f"chinesecalendar {chinese_calendar.__version__}"
    day = date(first, 1, 1)
    while day.year <= last:
        works, name = chinese_calendar.is_workday(day), chinese_calendar.get_holiday_detail(day)[1]
        if works != (day.weekday() < 5):
            note = NAMES.get(str(name), str(name or ""))
            rows.writerow((day, "workday" if works else "holiday", f"{note}调班" if works else note, source))
        day += timedelta(days=1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
