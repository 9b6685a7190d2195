"""Why something was answered: the chain of causes behind a refusal or a status, in Turkish and English.

`chain` has the words' shape, `risk` goes from a status back to regulation and report, `code` from a refused code to
what became of it, `doors` from a refused password to what was wrong with it, `refusals` from an error key to the check
that failed; `explaining` puts them together for an exchange, a code or a citizen. `minimisation` says how sparing an
institution is with people's data.

Rules are asked, never told again: which report counted is found by leaving each out, and asking the risk index's own
rules anew.
"""
