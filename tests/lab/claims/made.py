"""Made-up figures for the rules: what a trial would write down, without a trial."""

from asyncweb.lab.claims.figures import Figures

ROUNDS = 5
SOUND = {
    "requests": 10_000, "errors": 0, "mean_us": 100.0, "p50_us": 90.0, "p99_us": 300.0,
    "max_us": 900.0, "requests_per_s": 1_000.0, "cpu_us": 50.0, "cpu_share": 0.05,
    "client_cpu": 0.001, "client_limited": 0,
}  # fmt: skip


class Made(Figures):
    """Figures that are quickly made up."""

    def load(self, measure, system, rounds=ROUNDS, **numbers):
        """A sound load, except for `numbers`; a list holds one number for each round."""
        median = {"p50_us": numbers.get("mean_us", SOUND["mean_us"])}
        return self.look(measure, system, rounds, **{**SOUND, **median, **numbers})

    def look(self, measure, system, rounds=ROUNDS, **numbers):
        for number in range(rounds):
            picked = {
                name: value[number % len(value)] if isinstance(value, list) else value
                for name, value in numbers.items()
            }
            self.add(measure, system, picked)
        return self


def noisy(low, high):
    """Rounds that reach from the one to the other."""
    return [low, (low + high) / 2, high]
