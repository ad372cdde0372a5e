# %% [markdown]
# # 13 · The article on trial
#
# **Questions.** An article says that one server is three times as fast as another. What would have to be measured to
# know? And which of its claims hold on *your* machine?
#
# **You will be able to** say what a claim about performance lacks, write down what decides it before you measure, and
# tell "it is not so" from "this cannot be known from that".
#
# **Time:** 60 minutes. **Before this:** 05 Reading latency and 06 Queues.

# %%
import os
from textwrap import fill

from asyncweb.lab.claims.article import snippets
from asyncweb.lab.claims.article.tried import answered
from asyncweb.lab.claims.hearing import hear, read
from asyncweb.lab.claims.names import FULL, HELLO, OUR_LOOP, OUR_THREADS, RATE
from asyncweb.lab.claims.twelve import CLAIMS
from asyncweb.lab.lesson import check, predict, reveal, shows

QUICK = "ASYNCWEB_QUICK" in os.environ  # a short run, to see that everything works

# %% [markdown]
# ## Twelve claims
#
# This course grew out of an article that praised a framework in Rust, *hyperlane*. It makes twelve claims. It names no
# machine, no percentile and no number of errors.

# %%
for claim in CLAIMS:
    print(f"{claim.id:>3}  {claim.said}")

# %% [markdown]
# Read the first one again. 300 µs *on average*: how many asked at once? How long did the slowest wait? Was every answer
# right? Who asked, and how much of the 300 µs was the asking?
#
# A claim like that is neither true nor false. Somebody has to make it sharp enough to be wrong. For each of the twelve
# this was done, **before** anything was measured: what is measured, on which systems, and the line that decides. Here
# is what it came to for the second one.

# %%
second = CLAIMS[1]
print(fill(second.tested, 100), fill(second.rule, 100), sep="\n\n")

# %% [markdown]
# Why before? Who looks at the figures first finds a rule for whatever they like. In medicine the rules are filed with a
# third party before the first patient comes: *pre-registration*. Here they stand in the report, with the time.
#
# ## Predict
#
# A claim can end in four ways:
#
# - `"holds here"`, or `"does not hold here"`: the figures are beyond the line, and beyond their own noise;
# - `"cannot be compared"`: they are not, or something else than the server was the limit;
# - `"not measured"`: what it needs could not be had here, such as a compiler for Rust, or two more machines.
#
# Say all twelve before you go on. Argue in pairs: whom do you believe, and why?
#
# ### How fast?

# %%
predict(
    "13.q1", "holds here"
)  # Apache: within 150 to 600 µs one at a time, above 2,500 µs in complex cases

# %%
predict(
    "13.q2", "holds here"
)  # hyperlane: at most 100 µs one at a time, a third of Apache's or less

# %% [markdown]
# ### How many?

# %%
predict(
    "13.q3", "holds here"
)  # threads: dramatically slower above 1,000 connections, CPU above 90 %

# %%
predict("13.q4", "holds here")  # 50,000 connections on one core

# %%
predict("13.q5", "holds here")  # CPU below 60 % under high load

# %%
predict("13.q9", "holds here")  # who waits holds up nobody else

# %% [markdown]
# ### How large, and for how long?

# %%
predict("13.q6", "holds here")  # starts within 100 ms, Java takes seconds

# %%
predict("13.q7", "holds here")  # 8 MB against 200 MB: 95 % saved

# %%
predict("13.q8", "holds here")  # 72 hours without a leak

# %% [markdown]
# ### How sure?

# %%
predict("13.q10", "holds here")  # Windows, Linux and macOS differ by less than 5 %

# %%
predict("13.q11", "holds here")  # no dependency beyond the runtime

# %%
predict("13.q12", "holds here")  # memory safety is checked at compile time

# %% [markdown]
# ## Run
#
# The real systems: hyperlane, Tokio, Apache, Node.js, Spring Boot, and servers in Python, ours among them. Each is
# started anew for every round, the rounds visit all of them, and every other round comes from the other end. What this
# machine lacks is a row that says why.
#
# Systems in Rust, Java and JavaScript are built once, by `asyncweb claims --build` in a terminal; that takes some
# minutes and wants their compilers. Those in Python come with `pip install "asyncweb[claims]"`.
#
# The short protocol below takes up to five minutes. The full one, `asyncweb claims`, takes more than an hour: if your
# teacher has run it, put the name of its report into `REPORT`.

# %%
REPORT = ""  # such as "report.json", from: asyncweb claims --json report.json

if REPORT:
    found = read(REPORT)
elif QUICK:
    found = hear("C3", "C5", "C6", "C9", "C10", only=["asyncweb"])
else:
    found = hear()
found

# %% [markdown]
# ## Investigate: how fast?

# %%
reveal("13.q1", found.word("C1"))

# %%
reveal("13.q2", found.word("C2"))

# %% [markdown]
# Whatever came out, the same server has *many* means. Here is ours, asked the same question by 1, by 8 and by 64
# connections, each of which asks again as soon as it is answered.

# %%
for connections, measure in HELLO.items():
    mean_us = found.median(measure, OUR_LOOP, "mean_us")
    rate_rps = found.median(measure, OUR_LOOP, "requests_per_s")
    print(f"{connections:>2} at once: mean {mean_us:7,.0f} µs, {rate_rps:7,.0f} requests/s")

# %% [markdown]
# Nothing in the server has changed. The 64 stand in each other's way. Connections = rate x mean: that is Little's law
# of notebook 06, so above a few connections a mean says only how many were let loose at once.

# %%
few_us, many_us = (found.median(HELLO[number], OUR_LOOP, "mean_us") for number in (1, 64))
shows("13.c2", many_us / few_us)

# %% [markdown]
# Here the law is put to the test: 100 connections were let loose for a while. Does rate x mean give them back?

# %%
mean_us = found.median(FULL[100], OUR_LOOP, "mean_us")
shows("13.c1", mean_us * 1e-6 * found.median(FULL[100], OUR_LOOP, "requests_per_s"))

# %% [markdown]
# **Checkpoint.** A full server is asked by 64 connections, in a closed loop, and its mean is 1,000 µs. It is asked by
# 128. What will its mean be, in µs?

# %%
check("13.k1", ...)

# %% [markdown]
# ## Investigate: how many?

# %%
reveal("13.q3", found.word("C3"))

# %%
reveal("13.q4", found.word("C4"))

# %%
reveal("13.q5", found.word("C5"))

# %%
reveal("13.q9", found.word("C9"))

# %% [markdown]
# "CPU stays below 60 %": at which rate? Every server that is asked as fast as it can answer uses all of its core, the
# best one, too. What belongs to the *server* is the CPU time for one request. From that follows at what rate it comes
# to 60 % of a core.

# %%
for system in found.systems(RATE):
    cpu_us = found.median(RATE, system, "cpu_us")
    print(
        f"{system:<28} {cpu_us:6.0f} µs a request: 60 % of a core at {0.6e6 / cpu_us:8,.0f} requests/s"
    )

# %%
busy = found.median(RATE, OUR_LOOP, "rate") * found.median(RATE, OUR_LOOP, "cpu_us") * 1e-6
shows("13.c3", found.median(RATE, OUR_LOOP, "cpu_share") / busy)

# %% [markdown]
# **Checkpoint.** A request costs 20 µs of CPU. At how many requests a second is the server busy for 60 % of a core?

# %%
check("13.k2", ...)

# %% [markdown]
# ## Investigate: how large, and for how long?

# %%
reveal("13.q6", found.word("C6"))

# %%
reveal("13.q7", found.word("C7"))

# %%
reveal("13.q8", found.word("C8"))

# %% [markdown]
# **Checkpoint.** A soak of a minute found no growth. The rule for "72 hours without a leak" may say `"holds here"`, or
# `"cannot be compared"`. Which is it, if the rule is honest?

# %%
check("13.k3", ...)

# %% [markdown]
# ## Investigate: how sure?

# %%
reveal("13.q10", found.word("C10"))

# %%
reveal("13.q11", found.word("C11"))

# %%
reveal("13.q12", found.word("C12"))

# %% [markdown]
# The tenth cannot be decided by one machine, however good it is. `asyncweb claims --merge a.json b.json c.json` puts
# three reports together. Even then: three machines differ in more than their system.
#
# And here is each verdict with the figures that it rests on. Ask for another one: `found["C7"]`.

# %%
found["C6"]

# %% [markdown]
# ## The article's own code
#
# Its code was tried as well. It cannot be printed here; this is the shortest that calls the same and does the same. It
# looks complete: it reads a page without blocking anybody, and answers it.

# %%
handlers = {snippet.name: snippet for snippet in snippets()}
silent = handlers["silent"]
print(silent.rust)

# %% [markdown]
# ## Predict
#
# It is built, started, and asked once. What comes back: `"the text"`, `"an empty answer"` or `"nothing at all"`? (Who
# has no Rust here is told `"not measured"`.)

# %%
predict("13.q13", "the text")

# %%
reveal("13.q13", answered(silent))

# %%
silent

# %% [markdown]
# It compiles. The types are right, the memory is safe, and nobody who had called it once would have
# praised it. A measurement that nobody has
# checked against an answer is a rumour.
#
# **Checkpoint.** A load test reports 100,000 requests a second and says nothing about errors. What do you ask first:
# `"which machine"`, `"what came back"` or `"which percentile"`?

# %%
check("13.k4", ...)

# %% [markdown]
# ## Where Rust wins
#
# Be fair in both directions. On most machines a request costs hyperlane and Tokio less CPU than it costs any server in
# Python, and nothing in this course changes that; the table says whether it is so on yours. The question is what the
# rest of your program does meanwhile: a handler that waits 10 ms for a database does not wait less in Rust.

# %%
found.costs

# %% [markdown]
# > **What could mislead you here.**
# >
# > - One machine, and the load on it, too. Where there are two cores, the servers had one of them.
# > - Five minutes are one round of most figures, or two. The full protocol takes an hour, because noise wants patience.
# > - Whoever writes the rules decides much. Ours can be read; argue with them.
# > - Settings favour somebody. Each system has what its own users would give it, as far as we know them.
# >
# > What this very run has to say against itself is below.

# %%
for doubt in found.misleading:
    print(fill(f"{doubt.about}: {doubt.says}", 100))

# %% [markdown]
# ## Modify: one claim, thoroughly
#
# Take the claim that you were most wrong about. Measure it alone by the full protocol. Does the verdict stay?

# %%
# hear("C6", full=True)

# %% [markdown]
# ## Modify: another line
#
# Read the rule of that claim, and move its line until the verdict turns over. How far did you have to go: is it a close
# call?

# %%
# found["C2"]

# %% [markdown]
# ## Modify: who is missing?
#
# Which system would you have put on trial beside these? Say what its settings would have to be so that nobody could
# call it unfair, to it or to the others.

# %%
# found.systems(RATE)

# %% [markdown]
# ## Make: a thirteenth claim
#
# "A thread for each connection costs more memory than a task for each." Write it as a class like those in
# `asyncweb.lab.claims.twelve`: what is said, how it is tested, the rule, what would change it, and `decide`. Feed it
# made-up `Figures` on both sides of its line before you feed it `found.figures`. It has succeeded when you can show
# figures that make it say each of the four words.

# %%
print(f"{OUR_THREADS!r} beside {OUR_LOOP!r}")

# %% [markdown]
# ## Key points
#
# - A claim without a machine, a percentile and a number of errors is not wrong; it is not yet a claim.
# - Write down what decides before you look. Then noise may say "cannot be compared", and that is a result.
# - In a closed loop the mean is made by the number of connections, and a CPU at full load says nothing.
# - CPU for each request, memory for each connection and errors belong to the server; most else belongs to the test.
# - No run is as long as 72 hours but one of 72 hours, and no machine is three.
#
# **Exercises that belong to it:** `12_percentiles`, `13_coordinated_omission`, `14_littles_law`.
#
# Nothing is left to stop: each system was stopped at the end of its visit.

# %%
found.left_behind
