"""Plots as SVG, by hand."""

import math
import statistics
from xml.sax.saxutils import escape

from operations import NAMES, OPERATIONS

COLORS = {"frontdesk": "#d9480f", "fastify": "#4c6ef5", "fastapi": "#099268", "memory": "#ced4da", "bare": "#868e96", "pgbench": "#868e96"}
LINES = ["#d9480f", "#4c6ef5", "#099268", "#9c36b5", "#e8590c", "#1098ad", "#c2255c", "#5c940d", "#495057", "#f08c00", "#364fc7", "#2b8a3e"]
WIDTH = 860


def label(x, y, text, anchor="start", size=12, color="#212529", weight="normal"):
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}" font-weight="{weight}" text-anchor="{anchor}">{escape(text)}</text>'


def svg(height, parts):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" font-family="system-ui, sans-serif">'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{height:.0f}" fill="#fff"/>', *parts, "</svg>\n"])


def bars(databases):
    """Requests a second of each operation; every operation has its own scale."""
    parts, y, left, room = [], 10, 300, 440
    for database, results in databases.items():
        y += 26
        parts.append(label(20, y, f"{database}: requests a second", size=16, weight="bold"))
        y += 8
        for operation, servers in results.items():
            y += 24
            parts.append(label(20, y, OPERATIONS[operation][0], weight="bold"))
            y += 6
            rates = {name: statistics.median(one["rate"] for one in rounds) for name, rounds in servers.items()}
            for name, rate in sorted(rates.items(), key=lambda each: list(NAMES).index(each[0])):
                width = room * rate / max(rates.values())
                parts.append(label(left - 8, y + 11, NAMES[name], "end", color="#495057"))
                parts.append(f'<rect x="{left}" y="{y}" width="{max(1, width):.1f}" height="13" fill="{COLORS[name]}"/>')
                parts.append(label(left + width + 6, y + 11, f"{rate:,.0f}"))
                y += 17
        y += 10
    return svg(y + 10, parts)


def curves(groups, sizes, mark):
    """CPU a request at each size over that at the first one; a panel for each group of operations."""
    parts, y, left, room, high = [], 10, 60, 420, 200
    for title, lines in groups.items():
        y += 30
        parts.append(label(20, y, title, size=15, weight="bold"))
        y += 14
        most = max([mark * 1.3, *(value for values in lines.values() for value in values if value)]) * 1.05
        at = lambda index, value: (left + room * index / max(1, len(sizes) - 1), y + high - high * value / most)
        for tick in range(math.floor(most) + 1):
            level = at(0, tick)[1]
            parts.append(f'<line x1="{left}" y1="{level:.1f}" x2="{left + room}" y2="{level:.1f}" stroke="#e9ecef"/>')
            if most < 12 or tick % 10 == 0:
                parts.append(label(left - 8, level + 4, f"{tick} ×", "end", 11))
        level = at(0, mark)[1]
        parts.append(f'<line x1="{left}" y1="{level:.1f}" x2="{left + room}" y2="{level:.1f}" stroke="#c92a2a" stroke-dasharray="5 4"/>')
        for index, size in enumerate(sizes):
            parts.append(label(at(index, 0)[0], y + high + 16, f"{size:,}", "middle", 11))
        for index, (name, values) in enumerate(lines.items()):
            color = LINES[index % len(LINES)]
            points = " ".join("{:.1f},{:.1f}".format(*at(place, value)) for place, value in enumerate(values) if value)
            parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>')
            parts.append(f'<rect x="{left + room + 20}" y="{y + index * 16}" width="12" height="3" fill="{color}"/>')
            parts.append(label(left + room + 38, y + index * 16 + 6, name, size=11))
        y += max(high + 24, len(lines) * 16 + 10)
    return svg(y + 10, parts)
