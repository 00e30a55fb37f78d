/// A worker that takes part in a contest.
struct Contender {
    let title: String
    let command: [String]
}

/// How a contender did.
struct Standing {
    let title: String
    /// Nanoseconds of one round, turn by turn.
    var times = Times()
    /// Mebibytes at the peak of its process.
    var memory = 0.0
}

/// Workers that do their work in turns, so that a noisy machine hits all alike.
struct Contest {
    let contenders: [Contender]
    /// Where outputs are left.
    let folder: String
    /// Whether all must print the same.
    var comparesOutputs = false

    /// What the first contender printed, where outputs are compared.
    var output: String { "\(folder)/output-0" }

    func run(turns: Int) throws -> [Standing] {
        let workers = try contenders.map { try ChildWorker($0.command) }
        // A first round warms the caches and says how many rounds make a turn of some 20 ms.
        let rounds = try workers.map { worker in
            max(1, min(1000, Int(20_000_000 / max(try worker.time(rounds: 1).clock, 1))))
        }
        var standings = contenders.map { Standing(title: $0.title) }
        for _ in 0..<turns {
            for (index, worker) in workers.enumerated() {
                let (clock, processors) = try fastest(by: \.processors) { _ in try worker.time(rounds: rounds[index]) }
                standings[index].times.clock.values.append(clock)
                standings[index].times.processors.values.append(processors)
            }
        }
        if comparesOutputs { try compareOutputs(workers) }
        for (index, worker) in workers.enumerated() { standings[index].memory = try worker.end().memory }
        return standings
    }

    private func compareOutputs(_ workers: [ChildWorker]) throws {
        for (index, contender) in contenders.enumerated() {
            let path = "\(folder)/output-\(index)"
            try workers[index].save(to: path)
            guard try areEqual(path, output) else {
                throw BenchmarkError("\(contender.title) prints something else than \(contenders[0].title)")
            }
        }
    }
}
