import Foundation
import Testing

@testable import Fuzz

/// Inputs that fuzzing found, kept as `Tools/Fuzz/Inputs/TARGET/NAME`, and what it begins with.
@Suite struct FuzzInputTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Tools/Fuzz/Inputs")

    @Test(arguments: FuzzTarget.allCases)
    func keptInputs(_ target: FuzzTarget) throws {
        let folder = Self.folder.appendingPathComponent(target.rawValue)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
            let input = Array(try Data(contentsOf: folder.appendingPathComponent(name)))
            #expect(target.complaint(about: input) == nil, "\(name)")
        }
    }

    @Test func everyKeptInputHasATarget() throws {
        let targets = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(targets).isSubset(of: FuzzTarget.allCases.map(\.rawValue) + ["README.md"]))
    }

    @Test(arguments: FuzzTarget.allCases)
    func seeds(_ target: FuzzTarget) throws {
        let seeds = try Seeds.inputs(for: target)
        #expect(!seeds.isEmpty)
        // Many are cases of the conformance tests; some of them will do.
        for index in stride(from: 0, to: seeds.count, by: seeds.count / 100 + 1) {
            let seed = seeds[index]
            #expect(target.complaint(about: Array(seed)) == nil, "seed \(index) of \(target)")
        }
    }

    @Test("values run by count and by time", arguments: [("20", true), ("0.1s", true), ("0", false), ("s", false)])
    func values(_ amount: String, isValid: Bool) throws {
        let parsed = ValueFuzz.Amount(amount)
        #expect((parsed != nil) == isValid)
        guard let parsed else { return }
        var fuzz = ValueFuzz(seed: 1)
        #expect(try fuzz.complaint(parsed) == nil)
        #expect(fuzz.rendered > 0)
    }

    @Test("the scan says what the real proxies do", .enabled(if: ScanFuzz.isPossible), arguments: [UInt64(20_261_128)])
    func scan(seed: UInt64) throws {
        var fuzz = ScanFuzz(seed: seed)
        #expect(try fuzz.complaint(.values(60)) == nil)
        #expect(fuzz.asked > 20 && fuzz.refused > 5 && fuzz.opened > 0)
    }

    @Test func aSeedDecidesAllValues() throws {
        var (first, second) = (ValueFuzz(seed: 7), ValueFuzz(seed: 7))
        _ = try first.complaint(.values(10))
        _ = try second.complaint(.values(10))
        #expect(first.rendered == second.rendered)
        #expect(first.refused == second.refused)
    }
}
