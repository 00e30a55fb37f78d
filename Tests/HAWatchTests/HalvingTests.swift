import Testing

@testable import HAWatch

@Suite("Halving") struct HalvingTests {
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            let mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            return mixed ^ mixed >> 31
        }
    }

    @Test("finds the one, wherever it is", arguments: [1, 2, 3, 7, 64, 1_000])
    func finds(_ count: Int) {
        for culprit in Set([0, count / 3, count / 2, count - 1]) {
            var questions = 0
            let found = Halving.culprit(of: count) { range in
                questions += 1
                return !range.contains(culprit)
            }
            #expect(found == culprit && questions <= 24)
        }
    }

    @Test("finds the one where nothing at all is bad too", arguments: 0..<200)
    func needsSome(_ seed: UInt64) {
        var random = Dice(state: seed)
        let count = Int.random(in: 2...300, using: &random)
        let culprit = Int.random(in: 0..<count, using: &random)
        var questions = 0
        let found = Halving.culprit(of: count) { kept in
            questions += 1
            return !kept.isEmpty && !kept.contains(culprit)
        }
        #expect(found == culprit && questions <= 24, "\(found ?? -1) of \(count), not \(culprit)")
    }

    @Test("blames nobody once nobody answers", arguments: [true, false], 0..<8)
    func silence(_ isNothingGood: Bool, _ answers: Int) {
        var rest = answers
        let found = Halving.culprit(of: 100) { kept in
            rest -= 1
            return rest < 0 ? nil : kept.isEmpty ? isNothingGood : !kept.contains(70)
        }
        #expect(found == nil)
    }

    @Test("finds nothing where it is nobody's fault, or that of two together")
    func nothing() {
        #expect(Halving.culprit(of: 10) { _ in false } == nil)
        #expect(Halving.culprit(of: 10) { !($0.contains(2) && $0.contains(8)) } == nil)
        #expect(Halving.culprit(of: 10) { _ in true } == nil)
        #expect(Halving.culprit(of: 0) { _ in false } == nil)
        #expect(Halving.culprit(of: 1) { !$0.isEmpty && !$0.contains(0) } == nil)
        #expect(Halving.culprit(of: 10) { !$0.isEmpty && !$0.contains(2) && !$0.contains(8) } == nil)
    }

    @Test("a delivery finds the service to blame where the template needs at least one")
    func delivery() throws {
        let names = ["one", "two", "three"]
        let scene = try DeliveryScene(
            Dictionary(uniqueKeysWithValues: names.map { ("s/\($0).json", DeliveryScene.service($0)) }))
        let template =
            "default {{ (index . 0).Id }}\n{{ range . }}backend {{ .Id }}\n  server a {{ .Cookie }}\n{{ end }}"
        try scene.folder.write(template, to: "t.cfg")
        // It names no line.
        scene.targets = scene.targets.replacing(DeliveryScene.check, with: "! grep -q bad {file}")
        #expect(try scene.deliver().ending == .reloaded && scene.backends.count == 3)
        try scene.folder.write(DeliveryScene.service("two", cookie: "bad"), to: "s/two.json")
        try scene.folder.write(DeliveryScene.service("four"), to: "s/four.json")
        let report = try scene.deliver()
        #expect(report.ending == .reloaded, "\(report.causes)")
        #expect(report.quarantined.map(\.id) == ["two"] && scene.backends == ["four", "one", "three", "two"])
    }
}
