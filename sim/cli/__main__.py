"""`python -m sim.cli` is `hes`."""

from sim.cli import main

main()
