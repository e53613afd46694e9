"""Clients that create keys while something breaks, and know afterwards what they were promised."""
import itertools
import threading
import time
import uuid

import requests

import ttlv
from kmsd import Refused


class Creates:
    """Creates keys on several servers, each with a tag of its own, until the end of a `with`.

    A tag, and not an identifier, because only a key whose identifier the server chose can be made twice.
    """

    def __init__(self, servers, clients=6):
        self.servers = servers
        self.acknowledged = {}  # tag -> identifier
        self.refused = {}  # tag -> the refusal
        self.unanswered = set()  # tags of requests whose connection broke
        self.answered_at = []  # times of acknowledgements
        self.slowest_s = 0.0
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.create, args=(i,)) for i in range(clients)]

    def create(self, number):
        turns = itertools.islice(itertools.cycle(self.servers), number, None)
        with requests.Session() as session:
            while not self.stopping.is_set():
                tag, server, begun = uuid.uuid4().hex, next(turns), time.monotonic()
                try:
                    self.acknowledged[tag] = server.create(session=session, tagged=[tag])
                    self.answered_at.append(time.monotonic())
                except Refused as refusal:
                    self.refused[tag] = refusal
                except requests.RequestException:
                    self.unanswered.add(tag)
                self.slowest_s = max(self.slowest_s, time.monotonic() - begun)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def wait_for(self, more, within_s=60):
        """Waits until that many more keys are acknowledged; the seconds that it took."""
        begun, wanted = time.monotonic(), len(self.answered_at) + more
        while len(self.answered_at) < wanted:
            assert time.monotonic() - begun < within_s, f"no {more} keys in {within_s} s: {self.summary()}"
            time.sleep(0.005)
        return time.monotonic() - begun

    def summary(self):
        texts = {f"{refusal}" for refusal in self.refused.values()}
        return f"{len(self.acknowledged)} created, {len(self.unanswered)} unanswered, refusals: {sorted(texts)[:5]}"

    def check(self, server):
        """Nothing acknowledged is lost, nothing is doubled, and what failed says that it may be tried again."""
        assert {refusal.status for refusal in self.refused.values()} <= {503}, self.summary()
        found = dict(zip(self.acknowledged, locate_each(server, self.acknowledged)))
        wrong = {tag: (made, found[tag]) for tag, made in self.acknowledged.items() if found[tag] != [made]}
        assert wrong == {}
        doubtful = [*self.refused, *self.unanswered]
        assert [tag for tag, keys in zip(doubtful, locate_each(server, doubtful)) if len(keys) > 1] == []


def locate_each(server, tags):
    """The keys of each tag."""
    tags, found = list(tags), []
    for first in range(0, len(tags), 200):
        answer = server.kmip(ttlv.message(*map(ttlv.locate_tags, tags[first:first + 200])))
        for item in ttlv.children(ttlv.structure("", *answer["value"][1:]), "Items")[0]["value"]:
            found.append(ttlv.located({"value": ttlv.child(item, "ResponsePayload")}))
    return found
