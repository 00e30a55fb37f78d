/// What the speed and the memory of this engine are held to, on 10,000 services of 10 hosts unless it says otherwise.
enum Bar: String, CaseIterable {
    case go = "rendering, against Go's text/template"
    case minijinja = "rendering, against minijinja"
    case loop = "rendering, against the loop written by hand"
    case reading = "service JSON to services, against Go's typed json.Unmarshal"
    case program = "whole program, against the one in Go"
    case dialect = "haproxy dialect, against plain"
    case sourceMap = "source map on, against off"
    case memory = "peak memory, against the program in Go"
    case growth = "rendering 100,000 services, against 10,000"
    case programGrowth = "whole program on 100,000 services, against 10,000"
    case small = "start to finish, one small service: ms of the processors"
    case state = "generate with one changed service, against render"
    case stateMemory = "memory of generate, against the size of current.json"

    /// The value to reach or to stay under.
    var limit: Double {
        switch self {
        case .go: 6
        case .minijinja: 3
        case .loop: 0.5
        case .reading: 2
        case .program: 4
        case .dialect: 1.3
        case .sourceMap, .memory: 2
        case .growth, .programGrowth: 11
        case .small: 8
        case .state: 2.5
        case .stateMemory: 10
        }
    }

    /// The value to aim at, where there is one.
    var aim: Double? {
        switch self {
        case .go, .growth, .programGrowth: 10
        case .minijinja: 5
        case .loop: 0.8
        case .reading, .small: 4
        case .program: 8
        case .dialect: 1.1
        case .sourceMap: 1.4
        case .memory: 1
        case .state, .stateMemory: nil
        }
    }

    /// Whether it says how many times as fast this engine is; otherwise how many times as much it takes.
    var isAtLeast: Bool {
        switch self {
        case .go, .minijinja, .loop, .reading, .program: true
        default: false
        }
    }

    func isMet(_ value: Double) -> Bool {
        isAtLeast ? value >= limit : value <= limit
    }

    /// Whether a value misses the bar by more than half: enough for noise, too little for a change of the order. A time
    /// says more about the machine than about the engine, so it never fails.
    func isMissedByFar(_ value: Double) -> Bool {
        guard self != .small else { return false }
        return isAtLeast ? !(value * 1.5 >= limit) : !(value <= limit * 1.5)
    }

    /// What was measured, beside the bars.
    static func table(_ measured: [Bar: Figure]) -> Table {
        var table = Table(
            title: "Bars",
            columns: ["what", "bar", "aim", "measured", "middle half of the turns", "of the processors", "verdict"])
        for bar in allCases {
            guard let figure = measured[bar] else { continue }
            let quartiles = figure.measured.quartiles
            let spread = [quartiles.low, quartiles.high].map { Cell.ratio($0).text }
            table.rows.append([
                .text(bar.rawValue), .text("\(bar.isAtLeast ? ">=" : "<=") \(Cell.ratio(bar.limit).text)"),
                bar.aim.map(Cell.ratio) ?? .none, .ratio(figure.measured.median),
                .text(spread.joined(separator: " to ")), figure.processors.map { .ratio($0.median) } ?? .none,
                .text(bar.verdict(figure)),
            ])
        }
        return table
    }

    private func verdict(_ figure: Figure) -> String {
        if isMet(figure.measured.median) { return "met" }
        return figure.processors.map { isMet($0.median) } == true ? "met by processors" : "missed"
    }

    /// What to say of the bars that are missed by far, judged by the processors' time where it is known: other work on
    /// the machine disturbs it least.
    static func complaints(_ measured: [Bar: Figure]) -> [String] {
        allCases.compactMap { bar in
            guard let figure = measured[bar] else { return "\(bar.rawValue): not measured" }
            let value = (figure.processors ?? figure.measured).median
            guard bar.isMissedByFar(value) else { return nil }
            return "\(bar.rawValue): \(Cell.ratio(value).text), far from \(Cell.ratio(bar.limit).text)"
        }
    }
}

/// What was measured for a bar, turn by turn.
struct Figure {
    /// By the clock, where it is a ratio of times.
    var measured: Samples
    /// The same ratio of the processors' time.
    var processors: Samples?

    init(_ measured: Samples) {
        self.measured = measured
    }

    init(_ ratios: Times) {
        measured = ratios.clock
        processors = ratios.processors
    }
}
