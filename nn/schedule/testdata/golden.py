#!/usr/bin/env python3
"""Values of learning-rate laws, by other roads than the package takes.

Written from the formulas of the papers and of the documentation of PyTorch, Keras, Caffe
and the authors' own programs; where a library keeps a state and multiplies or adds at each
step, so does this. Run it in this folder: python3 golden.py > golden.json
"""

import json
import math

cases = {}


def case(name, steps, value):
    cases[name] = {"steps": list(steps), "values": [float(f"{value(i):.14g}") for i in steps]}


def chained(n, first, update):
    """The values of a law that is only told as a change from step to step."""
    values = [first]
    for i in range(1, n):
        values.append(update(i, values[-1]))
    return values.__getitem__


# Caffe: GetLearningRate of sgd_solver.cpp with the settings of the published solvers.
def caffe(base, horizon, power, warmup=0, start=0.0):
    def rate(i):
        if i < warmup:
            return (i * base + (warmup - i) * start) / warmup
        return base * (1.0 - i / horizon) ** power
    return rate


case("init of resnet50_custom_lr", [0, 1, 780, 1559, 1560, 5000, 7799], caffe(1.6, 18720, 1, 1560, 0.1))
case("cyc1 of resnet50_custom_lr", [0, 1, 1875, 3749], caffe(1.02, 7500, 2))
case("cyc2 of resnet50_custom_lr", [0, 500, 999, 1000, 4749], caffe(0.764, 7500, 2, 1000, 0.255))
case("cyc3 of resnet50_custom_lr", [0, 500, 999, 1000, 4749], caffe(0.572, 7500, 2, 1000, 0.19))
case("collapse of resnet50_custom_lr", [0, 780, 1559, 1560], caffe(0.143, 1560, 2))
case("main of resnet50_448nodes", [0, 223, 445, 446, 7637, 7638, 8039], caffe(4.8, 8040, 1, 446, 0.1))
case("collapse of resnet50_448nodes", [0, 201, 401], caffe(0.254, 402, 2))

# PyTorch's schedulers multiply the rate of the step before.
case("StepLR", range(100), chained(100, 0.5, lambda i, lr: lr * 0.3 if i % 7 == 0 else lr))
case("MultiStepLR", range(100), chained(100, 3.2, lambda i, lr: lr * 0.1 if i in (30, 60, 80) else lr))
case("ExponentialLR", range(200), chained(200, 0.5, lambda i, lr: lr * 0.97))
case("PolynomialLR", range(60), chained(
    60, 0.7, lambda i, lr: lr * ((1 - i / 60) / (1 - (i - 1) / 60)) ** 1.5))
case("CosineAnnealingLR", range(80), chained(
    80, 0.4, lambda i, lr: (1 + math.cos(math.pi * i / 80)) / (1 + math.cos(math.pi * (i - 1) / 80)) * (lr - 0.01) + 0.01))


# Keras: PolynomialDecay with an end, and a power below 1.
case("PolynomialDecay", range(0, 140, 7), lambda i: (0.1 - 1e-4) * (1 - min(i, 100) / 100) ** 0.5 + 1e-4)


# CosineAnnealingWarmRestarts in its stateful form: T_cur counts up and wraps.
def restarts(n, t0, mult, low, high, shrink=1.0):
    values, cur, period, height = [], 0, t0, high
    for _ in range(n):
        values.append(low + (height - low) * (1 + math.cos(math.pi * cur / period)) / 2)
        cur += 1
        if cur >= period:
            cur, period, height = cur - period, period * mult, height * shrink
    return values.__getitem__


case("CosineAnnealingWarmRestarts", range(160), restarts(160, 10, 2, 0.001, 0.1))
case("CosineAnnealingWarmRestarts of one period", range(100), restarts(100, 13, 1, 0.0, 0.1))


# Keras: CosineDecayRestarts by its closed form, with t_mul 2 and m_mul 0.8.
def keras_restarts(i):
    done = i / 10
    n = math.floor(math.log(1.0 - done * (1.0 - 2.0)) / math.log(2.0) + 1e-12)
    share = (done - (1.0 - 2.0 ** n) / (1.0 - 2.0)) / 2.0 ** n
    return 0.1 * 0.5 * 0.8 ** n * (1.0 + math.cos(math.pi * share))


case("CosineDecayRestarts", range(150), keras_restarts)


# Huang et al. 2017, eq. 2, as printed, with t from 1; T = 1001 is no multiple of M = 5.
def snapshot(t):
    c = math.ceil(1001 / 5)
    return 0.2 / 2 * (math.cos(math.pi * ((t - 1) % c) / c) + 1)


case("snapshot, eq. 2", range(0, 1001, 10), lambda i: snapshot(i + 1))


# Smith 2015, as printed.
def triangle(i, size):
    cycle = math.floor(1 + i / (2 * size))
    return cycle, max(0.0, 1 - abs(i / size - 2 * cycle + 1))


case("triangular", range(90), lambda i: 0.001 + (0.006 - 0.001) * triangle(i, 20)[1])
case("triangular2", range(0, 200, 3), lambda i: 0.001 + (0.006 - 0.001) * triangle(i, 20)[1] / 2 ** (triangle(i, 20)[0] - 1))
case("exp_range", range(0, 200, 3), lambda i: 0.001 + (0.006 - 0.001) * triangle(i, 20)[1] * 0.994 ** i)


# CyclicLR with unequal sides, as PyTorch reckons it; and its momentum.
def cyclic(i, up, down):
    total = up + down
    x = 1.0 + i / total - math.floor(1 + i / total)
    ratio = up / total
    return x / ratio if x <= ratio else (x - 1) / (ratio - 1)


case("CyclicLR", range(120), lambda i: 0.01 + (0.1 - 0.01) * cyclic(i, 10, 25))
case("CyclicLR momentum", range(120), lambda i: 0.95 - (0.95 - 0.8) * cyclic(i, 10, 25))


# OneCycleLR: a list of phases, each with its last step.
def one_cycle(i, phases, anneal):
    begin = 0.0
    for last, (end, a, b) in enumerate(phases, 1):
        if i <= end or last == len(phases):
            return anneal(a, b, (i - begin) / (end - begin))
        begin = end


def by_cosine(a, b, x):
    return b + (a - b) / 2.0 * (math.cos(math.pi * x) + 1)


def by_line(a, b, x):
    return (b - a) * x + a


two = [(0.3 * 200 - 1, 0.04, 1.0), (199, 1.0, 4e-6)]
three = [(0.3 * 200 - 1, 0.04, 1.0), (2 * 0.3 * 200 - 2, 1.0, 0.04), (199, 0.04, 4e-6)]
mirror = [(0.3 * 200 - 1, 0.95, 0.85), (199, 0.85, 0.95)]
mirror3 = [(0.3 * 200 - 1, 0.95, 0.85), (2 * 0.3 * 200 - 2, 0.85, 0.95), (199, 0.95, 0.95)]
case("OneCycleLR", range(0, 200, 3), lambda i: one_cycle(i, two, by_cosine))
case("OneCycleLR linear", range(0, 200, 3), lambda i: one_cycle(i, two, by_line))
case("OneCycleLR three phases", range(0, 200, 3), lambda i: one_cycle(i, three, by_cosine))
case("OneCycleLR momentum", range(0, 200, 3), lambda i: one_cycle(i, mirror, by_cosine))
case("OneCycleLR momentum three phases", range(0, 200, 3), lambda i: one_cycle(i, mirror3, by_cosine))


# Garipov et al.: fge.py, 4 epochs a cycle, 25 iterations an epoch.
def fge(i):
    epoch, it = divmod(i, 25)
    t = ((epoch % 4) + it / 25) / 4
    if t < 0.5:
        return 0.05 * (1.0 - 2.0 * t) + 1e-4 * 2.0 * t
    return 0.05 * (2.0 * t - 1.0) + 1e-4 * (2.0 - 2.0 * t)


case("fge", range(0, 250, 3), fge)


# Izmailov et al.: train.py, in epochs.
def swa(epoch):
    t, ratio = epoch / 161, 0.05 / 0.1
    if t <= 0.5:
        return 0.1
    if t <= 0.9:
        return 0.1 * (1.0 - (1.0 - ratio) * (t - 0.5) / 0.4)
    return 0.1 * ratio


case("swa", range(0, 225, 4), swa)

# TensorFlow's ResNet-50: warm-up from 0 over 5 epochs, then /10 at 30, 60, 80; and the
# re-based twin, as PyTorch's SequentialLR of LinearLR and CosineAnnealingLR has it.
case("warm-up along multistep", range(90), lambda e: 1.6 * (e / 5 if e < 5 else 0.1 ** sum(e >= m for m in (30, 60, 80))))
case("warm-up, then cosine", range(90), lambda e: (
    0.8 * (0.1 + 0.9 * e / 5) if e < 5 else 0.4 * (1 + math.cos(math.pi * (e - 5) / 85))))

print("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(c)}" for name, c in cases.items()) + "\n}")
