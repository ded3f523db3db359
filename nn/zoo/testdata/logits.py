#!/usr/bin/env python3
"""Writes logits.json: what PyTorch's networks answer to an image, with parameters that
the test fills in by the same rule. Made with PyTorch 1.13 and torchvision 0.14:

    python3 logits.py > logits.json
"""

import json
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torchvision import models
from torchvision.models.googlenet import Inception

CLASSES = 10


def draw(index, n):
    """n numbers in [0, 1): a hash of their position and of a tensor's index."""
    with np.errstate(over="ignore"):
        x = np.arange(n, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(index) * np.uint32(2246822519)
        for shift, factor in ((16, 2146121005), (15, 2221713035)):
            x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
        x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 2**32


def fill(layers):
    """Layers in the order of the declaration, and their tensors from 1 on."""
    index = 0

    def put(tensor, scale, offset):
        nonlocal index
        index += 1
        u = scale * draw(index, tensor.numel()) + offset
        tensor.data.copy_(torch.from_numpy(u.astype(np.float32)).reshape(tensor.shape))

    for layer in layers:
        if isinstance(layer, nn.BatchNorm2d):
            put(layer.weight, 1, 0.5)
            put(layer.bias, 0.2, -0.1)
            put(layer.running_mean, 0.2, -0.1)
            put(layer.running_var, 1, 0.5)
            continue
        limit = (6 / layer.weight[0].numel()) ** 0.5
        put(layer.weight, 2 * limit, -limit)
        if layer.bias is not None:
            put(layer.bias, 0.2, -0.1)


def leaves(module):
    return [m for m in module.modules() if isinstance(m, (nn.Conv2d, nn.Linear, nn.BatchNorm2d))]


def resnet_order(net):
    """The projection of a block is declared before its convolutions."""
    order = [net.conv1, net.bn1]
    for stage in (net.layer1, net.layer2, net.layer3, net.layer4):
        for block in stage:
            names = sorted(dict(block.named_children()), key=lambda n: n != "downsample")
            order += [l for n in names for l in leaves(getattr(block, n))]
    return order + [net.fc]


def inception_order(net):
    """The towers that end in a row and a column are declared before both."""
    order = []
    for name, child in net.named_children():
        names = [n for n, _ in child.named_children()]
        if name in ("Mixed_7b", "Mixed_7c"):
            names.sort(key=lambda n: (n == "branch_pool", n[-1] in "ab"))
            order += [l for n in names for l in leaves(getattr(child, n))]
        else:
            order += leaves(child)
    return order


class Block(nn.Module):
    def __init__(self, c, out, project):
        super().__init__()
        self.grow, self.project = out != c, project
        stride = 2 if self.grow else 1
        if self.grow and project:
            self.short = nn.Sequential(nn.Conv2d(c, out, 1, stride, bias=False), nn.BatchNorm2d(out))
        self.body = nn.Sequential(
            nn.Conv2d(c, out, 3, stride, 1, bias=False), nn.BatchNorm2d(out), nn.ReLU(),
            nn.Conv2d(out, out, 3, 1, 1, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        short = x
        if self.grow:
            short = self.short(x) if self.project else F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, x.shape[1]))
        return F.relu(self.body(x) + short)


def cifar(n, channels=3, project=False):
    layers, c = [nn.Conv2d(channels, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for width in (16, 32, 64):
        for _ in range(n):
            layers.append(Block(c, width, project))
            c = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, CLASSES))


def alexnet():
    def respond():
        return nn.LocalResponseNorm(5, 1e-4, 0.75, 1)

    return nn.Sequential(
        nn.Conv2d(3, 96, 11, 4), nn.ReLU(), respond(), nn.MaxPool2d(3, 2),
        nn.Conv2d(96, 256, 5, 1, 2, groups=2), nn.ReLU(), respond(), nn.MaxPool2d(3, 2),
        nn.Conv2d(256, 384, 3, 1, 1), nn.ReLU(), nn.Conv2d(384, 384, 3, 1, 1, groups=2), nn.ReLU(),
        nn.Conv2d(384, 256, 3, 1, 1, groups=2), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(),
        nn.Linear(256, 4096), nn.ReLU(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, CLASSES))


class Unpadded(nn.Module):
    """torchvision's convolution of GoogLeNet without normalisation, as the paper has it."""

    def __init__(self, c, out, **window):
        super().__init__()
        if c in (16, 24, 32, 48) and window.get("padding") == 1:
            window = {"kernel_size": 5, "padding": 2}
        self.conv = nn.Conv2d(c, out, **window)

    def forward(self, x):
        return F.relu(self.conv(x))


def googlenet():
    """torchvision's, with the paper's convolutions, pooling and response normalisation."""
    blocks = [Unpadded, partial(Inception, conv_block=Unpadded), None]
    net = models.GoogLeNet(CLASSES, aux_logits=False, init_weights=False, blocks=blocks)
    respond = nn.LocalResponseNorm(5, 1e-4, 0.75, 1)
    net.maxpool1 = nn.Sequential(nn.MaxPool2d(3, 2, ceil_mode=True), respond)
    net.maxpool2 = nn.Sequential(respond, nn.MaxPool2d(3, 2, ceil_mode=True))
    net.maxpool4 = nn.MaxPool2d(3, 2, ceil_mode=True)
    return net


def flattened(net, head, features):
    """The pooling to a fixed size is left out, and the first dense layer fits the image."""
    net.avgpool = nn.Identity()
    net.classifier[head] = nn.Linear(features, 4096)
    return net


def caffe_stem(net):
    net.conv1 = nn.Conv2d(3, 64, 7, 2, 3)
    net.maxpool = nn.MaxPool2d(3, 2, ceil_mode=True)
    return net


def averages_without_padding():
    """Averages at the edge are of the pixels that there are."""
    pool = F.avg_pool2d
    F.avg_pool2d = lambda x, kernel_size, stride=None, padding=0, *rest: pool(
        x, kernel_size, stride, padding, count_include_pad=False)


def main():
    averages_without_padding()
    ten, plain = {"num_classes": CLASSES}, {"num_classes": CLASSES, "init_weights": False}
    networks = {
        "ResNet-18 with the stem of Caffe": (caffe_stem(models.resnet18(**ten)), 3, 32, resnet_order),
        "ResNet-50": (models.resnet50(**ten), 3, 32, resnet_order),
        "ResNet-20 A": (cifar(3), 3, 32, leaves),
        "ResNet-20 B": (cifar(3, project=True), 3, 32, leaves),
        "ResNet-20 of digits": (cifar(3, channels=1), 1, 28, leaves),
        "DenseNet-121": (models.densenet121(**ten), 3, 32, leaves),
        "VGG-16": (flattened(models.vgg16(**plain), 0, 512), 3, 32, leaves),
        "AlexNet": (alexnet(), 3, 67, leaves),
        "AlexNet, one weird trick": (flattened(models.alexnet(**ten), 1, 256), 3, 64, leaves),
        "GoogLeNet": (googlenet(), 3, 80, leaves),
        "GoogLeNet, normalised": (models.googlenet(aux_logits=False, **plain), 3, 80, leaves),
        "Inception V3": (models.inception_v3(aux_logits=False, **plain), 3, 75, inception_order),
    }
    logits = {}
    for name, (net, channels, size, order) in networks.items():
        net.eval()
        fill(order(net))
        image = (2 * draw(0, channels * size * size) - 1).astype(np.float32).reshape(1, channels, size, size)
        with torch.no_grad():
            logits[name] = net(torch.from_numpy(image))[0].double().tolist()
    print(json.dumps(logits, indent=1))


main()
