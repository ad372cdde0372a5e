"""Rounds down each time it is asked."""


class TokenBucket:
    """Lets through `rate` requests a second, and `burst` at once after a rest."""

    def __init__(self, rate, burst, now):
        self.rate = rate
        self.burst = burst
        self.now = now  # now() is the time, in seconds
        self.tokens = burst
        self.filled_at = now()

    def take(self):
        """Whether there is a token, which is then taken. Meanwhile `rate` a second have run in."""
        now = self.now()
        self.tokens = min(self.burst, self.tokens + int((now - self.filled_at) * self.rate))
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True
