"""The console: web pages for who works at the ministry, and the phones of this world.

The evaluation desk is at `/console/desk`, a phone at `/telefon/<number>`: what it has received and sent, and a form to
write from it, to 2023 or any number that is reached here.

The desk lists applications by state with their waiting time in working days, and shows one application with form,
signature, letter and registers side by side, what the rules make of it, and its history; an officer approves, returns
with reasons or refuses, and later declares a form false. Whether applications wait for the desk at all is the setting
`evaluation`; an officer may decide before the rules do.

Nobody signs in here, as in the lab: a sandbox binds to loopback unless told otherwise. Forms of other sites are refused
(`mockgov.pages.guard`).
"""
