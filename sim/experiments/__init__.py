"""Experiments: two scenarios compared, many points swept, parameters fitted to what was observed.

All of it stands on one callable, `headline(scenario, seed) -> numbers by name`, and on one promise: the same scenario
and seed give the same numbers, wherever and whenever. So a run is known by a key, a digest of both, and a run on
record is never made again; all points of an experiment share their seeds (common random numbers), and two of them
differ by their parameters alone.

*Comparison.* On n seeds, D = B - A for each number; its mean with Student's t interval over pairs. Pairing saves
(Var A + Var B) / Var D times as many independent runs.

*Sweep.* A grid, a Latin hypercube, Sobol's sequence, or Saltelli's blocks; replications; by point the mean with its
interval, by parameter rank correlations or shares of variance.

*Calibration.* An ensemble of parameters, drawn from ranges, is moved towards observed monthly totals in a few steps
of m <- m + C_md (C_dd + a C_e)^-1 (d_obs + sqrt(a) e - d), and run once more: ES-MDA.

| aspect | here |
|---|---|
| common random numbers | faithful: draws are keyed by what they are for |
| Latin hypercube, Sobol's sequence | faithful: keyed order and digital shift in place of a generator's state |
| shares of variance | faithful: Saltelli 2010 (first order), Jansen 1999 (total); bands by resampling points |
| intervals over replications | simplified: Student's t, each number by itself, not corrected for many numbers |
| fewer than five seeds | chosen here: no correlation is told, nor what pairing saves, nor that nothing differs |
| intervals of what is below 0 in no run | simplified: cut off at 0 in sweeps |
| many runs of fewer people than the country has | simplified: counts in proportion, each of the whole country |
| ES-MDA | faithful: Emerick and Reynolds 2013; how its inflation falls from step to step is chosen here |
| correlations that chance explains | chosen here: their weight falls to a half at 1/sqrt(members) |
| errors of what was observed | chosen here: 30 % patients, 15 % cases, 10 % tests, 20 % deaths, independent by month |
| chance of a model with fewer people | simplified: Poisson's, added to these errors in a fit |
| patients where all positives are known | absent: left out; what the word meant changed |
| what the model leaves out | absent: bands hold the errors stated, no other discrepancy |
| equal bits on every machine | simplified: yes but for a fit's linear algebra, which is rounded to six digits |

Sources: M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239-245; A. Saltelli and others, Computer
Physics Communications 181 (2010) 259-270; M. J. W. Jansen, ibid. 117 (1999) 35-43; S. Marino and others, Journal of
Theoretical Biology 254 (2008) 178-196; A. A. Emerick, A. C. Reynolds, Computers & Geosciences 55 (2013) 3-15.

`changing` parameters by dotted names · `axes` `designs` `plan` what is run · `journal` `executors` `tasks` how it is
run and kept · `intervals` `sensitivity` `smoother` the mathematics · `sweep` `compare` `calibrate` the three
experiments · `observed` the monthly totals · `window` the months compared · `fittable` what can be fitted to them ·
`posterior` an ensemble beside them · `validation` months that were held out · `scenario_text` the fitted scenario's
file · `files` `figures` `words` `page` what is kept and shown
"""
