"""Credentials: institutions' accounts in the test and the live environment.

| part | fidelity |
|---|---|
| live user names `<ORG>-G2G-HES`, test ones `<ORG>-TEST`; passwords of 18 characters `[A-Za-z0-9]` | faithful |
| test and live pairs differ, and neither opens the other's door | faithful |
| argon2id hashes; a verified credential is remembered for a short time under a keyed digest | chosen here |
| five wrong passwords in a row lock an account for fifteen minutes | chosen here |
| rotation and revocation count from the very next call; a revoked account gets no new password | chosen here |
| user names by e-mail, live passwords by SMS, as onboarding has them sent | faithful |
"""
