"""The ministry's service as a network: five stations, their limits, and clients that insist.

    ask ─► rate limit ─► gateway ─► authentication ─► code look-up ─► risk look-up ─► audit ─► answered
             │             │ at each station: breaker? room? wait for one of c servers, be served
             ▼             ▼
          limited     shed · refused · timed out ──► pause (longer each time, part of it drawn) ──► ask again, or lost

A call with 1 to 500 codes passes the stations one after another. A station's time for it is drawn from a table,
shorter if its cache has the answer, with a fixed addition for each further code. A client that gets no answer in
time hangs up, while the service may go on with the abandoned work. Failed attempts are made again after a pause,
as far as `max_retries` and the asker's budget go. So load makes failures, failures make attempts, and attempts make
load: beyond a point the overload keeps itself up after its cause has gone (metastable failure, Bronson et al. 2021).
With n retries that point is where (n + 1) times the calls are more than the slowest station can serve, if something
once fills its queue with more than a time-out's worth of work. It ends where attempts become fewer (a budget, no
retries, a breaker that empties the queue) or the load goes; jitter alone does not end it.

Time is whole microseconds. Chance is keyed by (call, attempt, station), so nothing depends on the order in which
things are computed. Events of one microsecond happen in one order, `model.Order`: the schedule changes, started
servers begin, autoscaling looks, services end, calls arrive by number, retries by call and attempt, clients hang up
in the order in which their attempts began. In the microsecond in which a service ends the server takes the next in
line, and the attempt is at the next station. So an answer in the microsecond of the time-out is an answer.

The rules in detail:

    outage      servers lost take no new call; a service that has begun is finished
    slow        services that begin meanwhile take so many per cent of their time
    breaker     one for each station: opens after n failures in a window, where a failure is a full room or a client
                that hangs up while its attempt is there; later lets probes in, and closes when all are served. What
                happens to attempts let in before it turned no longer counts
    rate limit  generic cell rate algorithm for each institution, in whole numbers
    scaling     wanted = ceil(busy time of the period / (period * target)), within bounds, compared with servers at
                work and starting; started ones work after a delay, idle ones go at once
    abandoned   noticed or not: see `drops_abandoned`

What theory says of exponential services without limits, and `tests/sim/capacity/network/test_theory.py` holds against
it: each station is M/M/c on its own, with Erlang C and its mean wait, and the numbers inside are independent
(`model.jackson`, `model.jackson_state`). A station with a room of K refuses as M/M/c/c+K. Little's law holds to the
microsecond. One station that notices who hangs up is the single queue of `sim.capacity`, event by event.

Values for scenario files, for the national peak of some 4,500 calls a second (the defaults; all chosen here):

    half of the servers out at 08:15   outages of 16, 32, 32, 32 and 24 servers from 29,700 to 32,400 s: with the
                                       defaults some 71 % of calls are answered meanwhile, and all at once after it
    retry storm                        risk_lookup's 64 servers out for 4 minutes at the peak, waiting_room 100,000,
                                       max_retries 4, backoff 200 ms up to 1,000 ms, jitter 0: nobody is answered for
                                       as long as the peak lasts
    the same with breakers             breaker_failures 2,000 in 5,000 ms, open 5,000 ms, 100 probes: over in a minute
    the same with a retry budget       10 per cent, burst 3: over in a minute

| aspect | here |
|---|---|
| order of service, ties, time-outs, retries, breakers, limits, outages, scaling | faithful to the rules above |
| stations, servers, times, rooms, limits of the real service | chosen here: never published |
| caches | simplified: a hit is a matter of chance, not of what was asked before |
| bulk calls, lists at e-Devlet | simplified: one server for all codes, a fixed time for each |
| e-Devlet's pages, texts to 2023, codes that are made | simplified: pass the stations as any other call |
| slow nodes | simplified: the whole station is slower, not one of its servers |
| breakers | simplified: at each station's door, not in each client |
| network between client and stations, servers that fail during a service, priorities, hedged requests | absent |

Sources: N. Bronson et al., "Metastable failures in distributed systems", HotOS 2021; L. Huang et al., "Metastable
failures in the wild", OSDI 2022; M. Nygard, "Release it!", 2007 (circuit breakers); ITU-T I.371 (rate limit); J. R.
Jackson, "Networks of waiting lines", Operations Research 5 (1957) 518-521; P. J. Burke, "The output of a queuing
system", Operations Research 4 (1956) 699-704; and those of `sim.capacity`.

`parameters` what can be set · `model` order of events, draws, schedule, tables, theory · `process` the story in
SimPy, which is the specification, with `station` and `breaker` · `kernel` its compiled twin: `layout` where it keeps
what, `memory` columns as pointers, `calendar` what comes next, `serving` stations, `clients`, `table` minutes, `loop`
"""
