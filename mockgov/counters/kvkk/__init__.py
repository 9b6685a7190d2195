"""The data controller's counter: notices, the inventory, who asked, applications under law 6698.

JSON beside the mobile application's services, with the same token; the real ministry takes such applications on paper,
by KEP and by e-mail, and shows who asked in the application.

| part | fidelity |
|---|---|
| a notice in Turkish and English for every front, open to everybody; the inventory too | chosen here |
| who asked: institution, moment, purpose, code, answer; for oneself and children under 18 | chosen here |
| of a citizen who asked it is not told who it was | chosen here |
| applications by token, for oneself or a child; the answer stands there, and a text message tells of it | chosen here |
| all routes, field names and wording | chosen here |
"""
