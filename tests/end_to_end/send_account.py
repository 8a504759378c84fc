"""The reckoning over what an account has written, from the simulator's log of deeds: Twitch's
limits and the order of lines (https://dev.twitch.tv/docs/chat/#rate-limits, read 2026-11-22)."""

from collections import defaultdict

ORDINARY, PRIVILEGED = 20, 100
# Between two lines of a channel where the account is ordinary.
PAUSE_US = 1_000_000


def breaches(deeds, window_us):
    """What Twitch would not have let pass, in words; `deeds` of one account, in their order."""
    found = [f"not heard: {deed['text']} ({deed['outcome']})"
             for deed in deeds if deed["outcome"] != "done"]
    times = [deed["time_us"] for deed in deeds]
    last = {}
    for deed in deeds:
        in_window = sum(deed["time_us"] - window_us < time <= deed["time_us"] for time in times)
        if in_window > (PRIVILEGED if deed["privileged"] else ORDINARY):
            found.append(f"{in_window} lines in a window, at {deed['text']}")
        before = last.get(deed["channel"])
        is_soon = before is not None and deed["time_us"] - before < PAUSE_US
        if is_soon and not deed["privileged"]:
            found.append(f"too soon in {deed['channel']}: {deed['text']}")
        last[deed["channel"]] = deed["time_us"]
    return found


def fullest_window(deeds, window_us):
    """How many lines the fullest stretch of that length holds."""
    times = [deed["time_us"] for deed in deeds]
    return max(sum(end - window_us < time <= end for time in times) for end in times)


def numbers_by_sender(deeds):
    """sender → the numbers of its lines, in the order in which Twitch heard them."""
    numbers = defaultdict(list)
    for deed in deeds:
        sender, number = deed["text"].split()
        numbers[sender].append(int(number))
    return numbers


def out_of_order(deeds):
    """Lines that came after one of their sender that was asked for later, with no higher priority
    (that of odd numbers)."""
    found = []
    for sender, numbers in numbers_by_sender(deeds).items():
        for place, number in enumerate(numbers):
            found += [f"{sender} {number} after {sender} {other}" for other in numbers[:place]
                      if other > number and other % 2 <= number % 2]
    return found


def overtakes(deeds):
    """How often a line went before one of its sender that was asked for earlier."""
    return sum(other > number for numbers in numbers_by_sender(deeds).values()
               for place, number in enumerate(numbers) for other in numbers[:place])
