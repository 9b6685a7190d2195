"""Counters: where the public comes. One folder for each real front; wire only, no rules.

`mobile_app` is the application's service, `corporate` the institutions'. Both answer errors as problem JSON
(`problem`) and read timestamps and codes the same way (`reading`).
"""
