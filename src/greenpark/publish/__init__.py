"""From the tables of a run to what people read: terminal page, HTML report, workbook, Word report, summary.json."""

from greenpark.publish.assets import AssetMissingError
from greenpark.publish.excel import write_excel, write_league, write_peers, write_titles
from greenpark.publish.explain import Explanation, explain
from greenpark.publish.explain_text import render_explanation
from greenpark.publish.gaps import gap_groups, gap_text, what_if_text
from greenpark.publish.html import write_html
from greenpark.publish.league import league_tables, masked, newest_tables
from greenpark.publish.league_written import league_data, league_text
from greenpark.publish.peers import peer_data, peer_lines, peer_text
from greenpark.publish.programmes import TitleBook, readiness_text, titles_text
from greenpark.publish.release import Definitions, Lookup, PackUsed, Release
from greenpark.publish.shown import Shown
from greenpark.publish.signed import BatchUsed
from greenpark.publish.steering import quarterly_text
from greenpark.publish.summary import write_summary
from greenpark.publish.terminal import terminal_summary
from greenpark.publish.word import write_word

__all__ = [
    "AssetMissingError",
    "BatchUsed",
    "Definitions",
    "Explanation",
    "Lookup",
    "PackUsed",
    "Release",
    "Shown",
    "TitleBook",
    "explain",
    "gap_groups",
    "gap_text",
    "league_data",
    "league_tables",
    "league_text",
    "masked",
    "newest_tables",
    "peer_data",
    "peer_lines",
    "peer_text",
    "quarterly_text",
    "readiness_text",
    "render_explanation",
    "terminal_summary",
    "titles_text",
    "what_if_text",
    "write_excel",
    "write_html",
    "write_league",
    "write_peers",
    "write_summary",
    "write_titles",
    "write_word",
]
