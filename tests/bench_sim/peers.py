"""What the country is measured against, each a process of its own: `python peers.py NAME SIZE DAYS [PERCENT]`.

Runs with the interpreter of the peers' own environment and imports nothing of this project. It prints one line of JSON:
seconds to set up and to run, the bytes that the process grew by at its peak, and how many were infected in the end.
Each peer first runs a small model of the same kind, so that compilation is not measured.

- `covasim`: the hybrid population: households, schools, workplaces and community; everything else as shipped, which
  has testing off: asymptomatic, mild, severe and critical courses, deaths.
- `starsim`: `SEIR` on `HybridNet`, Starsim's own version of the same four layers, as shipped.
- `laser`: laser-generic's SEIR in 81 patches of equal size, no households, no ages, no courses.
- `ciw`: an M/M/c queue; SIZE is the number of servers, DAYS the number of customers.

Everybody infects 2.5 others at first, after 4 days without infecting and over 7 days, as far as the peer takes it;
PERCENT is what is left of that transmission where an epidemic is held down.
"""

import json
import os
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path

SEEDS_OF = 1000  # one in so many is infected at first
PATCHES = (9, 9)
LATENT_DAYS, INFECTIOUS_DAYS, R0 = 4.0, 7.0, 2.5
BETA = 0.016  # as Covasim is shipped
LOAD = 0.9  # of the servers of the M/M/c queue


def covasim(size, days, share=1.0):
    import covasim as cv  # noqa: PLC0415  each process imports only what it measures

    infected, beta = size // SEEDS_OF, BETA * share
    sim = cv.Sim(
        pop_size=size, pop_type="hybrid", n_days=days, pop_infected=infected, beta=beta, verbose=0, rand_seed=1
    )
    (sim.init if hasattr(sim, "init") else sim.initialize)()
    yield
    sim.run()
    yield float(sim.summary["cum_infections"])


def starsim(size, days, share=1.0):
    import starsim as ss  # noqa: PLC0415  the same

    disease = ss.SEIR(
        beta=ss.perday(0.0125 * share),
        dur_exp=ss.lognorm_ex(mean=ss.days(LATENT_DAYS), std=ss.days(1)),
        dur_inf=ss.lognorm_ex(mean=ss.days(INFECTIOUS_DAYS), std=ss.days(2)),
        p_death=0.005,
        init_prev=1 / SEEDS_OF,
    )
    sim = ss.Sim(
        n_agents=size,
        start=ss.date("2020-01-01"),
        dur=ss.days(days),
        dt=ss.days(1),
        diseases=disease,
        networks=ss.HybridNet(),
        rand_seed=1,
        verbose=0,
    )
    sim.init()
    yield
    sim.run()
    yield float(sim.results.seir.cum_infections[-1])


def laser(size, days, share=1.0):
    import numpy as np  # noqa: PLC0415  the same
    from laser.core import PropertySet  # noqa: PLC0415  the same
    from laser.core import distributions as dists  # noqa: PLC0415  the same
    from laser.core.utils import grid  # noqa: PLC0415  the same
    from laser.generic import SEIR, Model  # noqa: PLC0415  the same

    patch = size // (PATCHES[0] * PATCHES[1])
    patches = grid(
        M=PATCHES[0], N=PATCHES[1], node_size_degs=0.5, population_fn=lambda *_: patch, origin_x=26, origin_y=36
    )
    patches["I"] = patch // SEEDS_OF
    patches["S"] -= patches["I"]
    model = Model(patches, PropertySet({"nticks": days, "beta": share * R0 / INFECTIOUS_DAYS, "prng_seed": 1}))
    exposed, infectious = dists.gamma(shape=16, scale=LATENT_DAYS / 16), dists.normal(loc=INFECTIOUS_DAYS, scale=2)
    model.components = [
        SEIR.Susceptible(model),
        SEIR.Exposed(model, exposed, infectious),
        SEIR.Infectious(model, infectious),
        SEIR.Recovered(model),
        SEIR.Transmission(model, exposed),
    ]
    yield
    model.run()
    yield float(np.asarray(model.nodes.newly_infected).sum())


def ciw(servers, customers, _share=1.0):
    import ciw as peer  # noqa: PLC0415  the same

    peer.seed(1)
    network = peer.create_network(
        arrival_distributions=[peer.dists.Exponential(LOAD * servers)],
        service_distributions=[peer.dists.Exponential(1.0)],
        number_of_servers=[servers],
    )
    simulation = peer.Simulation(network)
    yield
    simulation.simulate_until_max_customers(customers)
    waits = [record.waiting_time for record in simulation.get_all_records()]
    yield sum(waits) / len(waits)


PEERS = {"covasim": covasim, "starsim": starsim, "laser": laser, "ciw": ciw}
PACKAGES = {"covasim": "covasim", "starsim": "starsim", "laser": "laser-generic", "ciw": "ciw"}
WARM = {"ciw": (8, 100)}


def grown():
    """Bytes of memory that the process holds now, by the system's account."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main(name, size, days, percent=100):
    peer = PEERS[name]
    for _ in peer(*WARM.get(name, (20_250, 10))):
        pass
    before = grown()
    begun = time.perf_counter()
    steps = peer(size, days, percent / 100)
    next(steps)
    ready = time.perf_counter()
    ended = next(steps)
    done = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    measured = {
        "version": version(PACKAGES[name]),
        "setup_s": ready - begun,
        "run_s": done - ready,
        "peak_bytes": peak,
        "grown_bytes": peak - before,
        "result": ended,
    }
    sys.stdout.write(f"\n{json.dumps(measured)}\n")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
