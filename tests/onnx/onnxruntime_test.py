#!/usr/bin/env python3
"""Networks written with the onnx package and run by onnxruntime are the books of options that strikenet makes of them,
and what strikenet writes as ONNX is run by onnxruntime to the same values.

  onnxruntime_test.py STRIKENET
"""
import csv
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

STRIKENET = ""
SPOTS = np.linspace(0, 12, 4001)


def run_model(path, spots, dtype):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: spots.reshape(-1, 1).astype(dtype)})[0].reshape(-1)


def strikenet(*arguments):
    done = subprocess.run([STRIKENET, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def payoff(book, spots):
    """The value of a portfolio in CSV, from its definition."""
    value = np.zeros_like(spots)
    for row in csv.DictReader(book.splitlines()):
        units = float(row["units"])
        if row["type"] == "cash":
            value += units
        elif row["type"] == "shares":
            value += units * spots
        else:
            inside = spots - float(row["strike"])
            value += units * np.maximum(inside if row["type"] == "C" else -inside, 0)
    return value


class Builder:
    """A random network, node by node."""

    def __init__(self, seed, opset, dtype):
        self.rng, self.opset, self.dtype = np.random.default_rng(seed), opset, dtype
        self.nodes, self.tensors, self.widths = [], [], {"x": 1}

    def constant(self, array):
        name = f"t{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(np.asarray(array, dtype=self.dtype), name))
        return name

    def node(self, kind, inputs, width, **attributes):
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name=f"{kind}_{len(self.nodes)}", **attributes))
        self.widths[name] = width
        return name

    def normal(self, *shape):
        return self.rng.normal(size=shape)

    def dense(self, source, width):
        inputs = self.widths[source]
        weights = self.normal(inputs, width) * np.sqrt(2 / inputs)
        if self.rng.integers(2):
            return self.node("Gemm", [source, self.constant(weights.T), self.constant(self.normal(width))], width, transB=1)
        product = self.node("MatMul", [source, self.constant(weights)], width)
        return self.node("Add", [product, self.constant(self.normal(width))], width)

    def activation(self, source):
        width = self.widths[source]
        kinds = ["Relu", "Abs", "Max", "Min", "BatchNormalization"]
        first_with_doubles = {"Clip": 12, "LeakyRelu": 16, "PRelu": 16}  # in onnxruntime
        kinds += [kind for kind, first in first_with_doubles.items() if self.dtype == np.float32 or self.opset >= first]
        kind = kinds[self.rng.integers(len(kinds))]
        if kind == "Clip":
            return self.node(kind, [source, self.constant(np.array(-1)), self.constant(np.array(2))], width)
        if kind in ("Max", "Min"):
            return self.node(kind, [source, self.constant(self.normal(1, width))], width)
        if kind == "PRelu":
            return self.node(kind, [source, self.constant(self.normal(width))], width)
        if kind == "LeakyRelu":
            return self.node(kind, [source], width, alpha=0.1)
        if kind == "BatchNormalization":
            variance = self.rng.uniform(0.5, 2, width)
            inputs = [source, *map(self.constant, (self.normal(width), self.normal(width), self.normal(width), variance))]
            return self.node(kind, inputs, width, epsilon=1e-5)
        return self.node(kind, [source], width)

    def block(self, source):
        width = int(self.rng.integers(1, 12))
        hidden = self.activation(self.dense(source, width))
        kind = self.rng.integers(6)
        if kind == 0:
            return self.node("Add", [hidden, self.dense(source, width)], width)
        if kind == 1:
            return self.node("Sub", [self.dense(source, width), hidden], width)
        if kind == 2:
            return self.node("Concat", [hidden, source], width + self.widths[source], axis=1)
        if kind == 3:
            return self.node("Div", [self.node("Mul", [hidden, self.constant(self.normal(width))], width),
                                     self.constant([1.5])], width)
        if kind == 4:
            return self.node("Max", [hidden, self.node("Identity", [self.dense(source, width)], width)], width)
        return hidden

    def model(self):
        state = "x"
        for _ in range(int(self.rng.integers(1, 5))):
            state = self.block(state)
        last = self.dense(state, 1)
        kind = TensorProto.FLOAT if self.dtype == np.float32 else TensorProto.DOUBLE
        graph = helper.make_graph(self.nodes, "random", [helper.make_tensor_value_info("x", kind, ["N", 1])],
                                  [helper.make_tensor_value_info(last, kind, ["N", 1])], self.tensors)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=7)
        onnx.checker.check_model(model)
        return model


class OnnxruntimeTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name) / "net.onnx"
        self.addCleanup(self.folder.cleanup)

    def compare(self, dtype, tolerance):
        """Tolerance: rounding, of the largest value - onnxruntime's in its own arithmetic."""
        for seed in range(42):
            opset = 11 + seed % 7
            with self.subTest(seed=seed, opset=opset):
                onnx.save(Builder(seed, opset, dtype).model(), self.path)
                judge = run_model(self.path, SPOTS, dtype)
                book = payoff(strikenet("convert", self.path, "--to", "csv"), SPOTS)
                self.assertLess(np.max(np.abs(book - judge)), tolerance * (1 + np.max(np.abs(judge))))

    def test_networks_of_doubles_are_their_books(self):
        self.compare(np.float64, 1e-12)

    def test_networks_of_floats_are_their_books(self):
        self.compare(np.float32, 2e-5)

    def test_what_strikenet_writes_is_run_to_the_same_values(self):
        spots = np.linspace(50, 150, 2001)
        for text in ("butterfly:90,100,110", "strangle:80,120", "condor:80,90,110,130", "pwl:0=3,90=0,110=20,120=20"):
            with self.subTest(payoff=text):
                strikenet("convert", text, "--to", "onnx", "--out", self.path)
                onnx.checker.check_model(onnx.load(self.path))
                book = payoff(strikenet("convert", text, "--to", "csv"), spots)
                self.assertLess(np.max(np.abs(run_model(self.path, spots, np.float64) - book)), 1e-11)

    def test_what_strikenet_reads_and_writes_again_is_run_to_the_same_values(self):
        for seed in range(20):
            with self.subTest(seed=seed):
                onnx.save(Builder(seed, 16, np.float64).model(), self.path)
                judge = run_model(self.path, SPOTS, np.float64)
                again = self.path.with_name("again.onnx")
                strikenet("convert", self.path, "--to", "onnx", "--out", again)
                self.assertLess(np.max(np.abs(run_model(again, SPOTS, np.float64) - judge)),
                                1e-12 * (1 + np.max(np.abs(judge))))


if __name__ == "__main__":
    STRIKENET = sys.argv.pop(1)
    unittest.main()
