"""A run as one page: what was asked, what came back, how fast, and the epidemic behind it; or who waited for what.

The page is a single HTML file that needs no network and no script. It says of each number which of three
kinds it is: *checked* (answers against the simulator's truth), *measured* (latency, on the machine that ran
it) or *modelled* (epidemic and queue). Light and dark, wide and narrow are one file: the figures are drawn by
matplotlib in stand-in colours, which become CSS variables, and in two widths, of which the style sheet shows
the one that fits. Equal input gives equal bytes.

`figures` draws, `page` puts the words and numbers together, `template.html` and `style.css` give them form; for the
onboarding road `road_figures`, `road_page` and `road.html` do, and for the country `nation_figures`, `tiles` (provinces
and hours in shades), `nation_words` (what its numbers say), `nation_parameters` (what was set), `nation_page` and
`nation.html`. `drawing` has what all figures share, `words` the writing of numbers and dates, `macros.html` what all
pages are made of.

The series colours were searched for by computer so that they differ by at least 0.1 in Oklab for normal,
protan and deutan eyes (simulated after G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-
based model for simulation of color vision deficiency", IEEE TVCG 15 (2009) 1291-1298; Oklab: B. Ottosson,
"A perceptual color space for image processing", 2020) and reach 3:1 against the page, text 4.5:1 (WCAG 2.2,
1.4.3 and 1.4.11). The tests hold them to it.
"""

from sim.report.page import render
from sim.report.road_page import render_road

__all__ = ["render", "render_road"]
