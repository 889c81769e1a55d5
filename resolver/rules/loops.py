"""Cross-holdings: rings of companies that hold each other, and what a listed party owns of them through the ring.

The cascade does not let a ring lift itself over a threshold (OFAC FAQ 401 counts whole stakes of owned companies only).
Integrated ownership (Brioschi, Buzzacchi & Colombo 1989) does: Y = A + A Y, solved here exactly. Where the two disagree
the party is worth a look; no regime computes with the integrated share.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Container
from fractions import Fraction

from resolver.rules.world import World

LARGEST_RING = 40
"""Companies in a ring that is still solved; elimination is cubic, and rings in registers are of two to five."""


def integrated(world: World, members: Collection[int]) -> dict[int, Fraction]:
    """For each company of a ring outside the members: per cent of it that the members own through the ring, at the least.

    A ring without any holder outside it has no answer (I - A is singular) and is left out.
    """
    shares: dict[int, Fraction] = {}
    for ring in rings(world, members):
        shares.update(_solved(world, sorted(ring), members))
    return shares


def rings(world: World, members: Collection[int]) -> list[list[int]]:
    """The strongly connected companies below the members, the members left out, where they are few enough to be solved."""
    knotted = _peeled(world, {company for company in world.knotted if company not in members})
    found = [ring for ring in _components(world, knotted) if 1 < len(ring) <= LARGEST_RING]
    reached = _reached(world, members) if found else b""
    return [ring for ring in found if reached[ring[0]]]


def _reached(world: World, members: Collection[int]) -> bytearray:
    """Marks the members, and the companies in which they hold anything, straight or through others that are no members."""
    reached = bytearray(len(world.ids))
    for member in members:
        reached[member] = 1
    queue = list(members)
    while queue:
        for held in world.held(queue.pop()):
            if not reached[held]:
                reached[held] = 1
                queue.append(held)
    return reached


def _peeled(world: World, companies: set[int]) -> set[int]:
    """The companies left when those that nobody among them holds are taken away, again and again."""
    holders = dict.fromkeys(companies, 0)
    for company in companies:
        for held in world.held(company):
            if held in holders:
                holders[held] += 1
    queue = deque(company for company, count in holders.items() if count == 0)
    left = set(companies)
    while queue:
        company = queue.popleft()
        left.discard(company)
        for held in world.held(company):
            if held in left:
                holders[held] -= 1
                if holders[held] == 0:
                    queue.append(held)
    return left


def _components(world: World, nodes: set[int]) -> list[list[int]]:
    """Kosaraju's strongly connected components, without recursion: a ring may be longer than Python's stack."""
    above: dict[int, list[int]] = {node: [] for node in nodes}
    finished: list[int] = []
    seen: set[int] = set()
    for root in sorted(nodes):
        work = [(root, iter(world.held(root)))] if root not in seen else []
        seen.add(root)
        while work:
            node, companies = work[-1]
            for held in companies:
                if held not in above:
                    continue
                above[held].append(node)
                if held not in seen:
                    seen.add(held)
                    work.append((held, iter(world.held(held))))
                    break
            else:
                work.pop()
                finished.append(node)
    return _gathered(above, finished)


def _gathered(above: dict[int, list[int]], finished: list[int]) -> list[list[int]]:
    taken: set[int] = set()
    components: list[list[int]] = []
    for root in reversed(finished):
        component, work = [], [root]
        while work:
            node = work.pop()
            if node not in taken:
                taken.add(node)
                component.append(node)
                work.extend(above[node])
        if component:
            components.append(component)
    return components


def _solved(world: World, ring: list[int], members: Container[int]) -> dict[int, Fraction]:
    """Solves y = inflow + y A over one ring, by elimination in exact numbers. Empty where the ring is closed."""
    place = {company: position for position, company in enumerate(ring)}
    size = len(ring)
    rows = [[Fraction(int(i == j)) for j in range(size)] + [Fraction(0)] for i in range(size)]
    for company, row in zip(ring, rows, strict=True):
        book = world.book(company)
        for line in book.lines.get("shareholding", ()):
            part = Fraction(line.low, 100 * book.scale)
            if line.owner in members:
                row[size] += part
            elif line.owner in place:
                row[place[line.owner]] -= part
    for column in range(size):
        pivot = next((i for i in range(column, size) if rows[i][column]), None)
        if pivot is None:
            return {}
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column]
        for i in range(size):
            if i != column and rows[i][column]:
                factor = rows[i][column] / head[column]
                rows[i] = [left - factor * right for left, right in zip(rows[i], head, strict=True)]
    return {company: 100 * rows[place[company]][size] / rows[place[company]][place[company]] for company in ring}
