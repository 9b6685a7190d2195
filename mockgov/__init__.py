"""The ministry: the fake national services that an integrator's software talks to."""
