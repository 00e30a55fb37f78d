import HADelivery
import HADiscovery
import Testing

@testable import HAWatch

@Suite("The daemon's decisions") struct WatchMachineTests {
    /// A machine with a worker that takes its time.
    struct Scene {
        var machine: WatchMachine
        var now = 0
        /// Every effect with its time, without signs of life.
        var effects: [(time: Int, effect: WatchMachine.Effect)] = []

        init(_ change: (inout WatchSettings) -> Void = { _ in }, isOnce: Bool = false, watchdog: Int? = nil) {
            var settings = WatchSettings()
            change(&settings)
            machine = WatchMachine(
                settings, targets: [], sources: ["local"], version: "1", isOnce: isOnce, watchdog: watchdog, seed: 1)
            take(.started)
        }

        mutating func take(_ input: WatchMachine.Input) {
            effects += machine.step(input, at: now, date: now / 1000).map { (now, $0) }
        }

        /// Lets time pass, with the timers that the machine wants.
        mutating func wait(_ milliseconds: Int) {
            let end = now + milliseconds
            while let deadline = machine.deadline, deadline <= end {
                now = max(now, deadline)
                take(.timer)
            }
            now = end
        }

        mutating func deliver(_ change: (inout DeliveryReport) -> Void = { _ in }) {
            var report = DeliveryReport()
            change(&report)
            take(.delivered(report))
        }

        /// What was wanted since the last time.
        mutating func taken() -> [WatchMachine.Effect] {
            defer { effects = [] }
            return effects.map(\.effect)
        }

        var deliveries: Int { effects.count { if case .deliver = $0.effect { true } else { false } } }
        var looks: Int { effects.count { $0.effect == .look } }
        var lines: [String] {
            effects.compactMap { if case .log(let entry) = $0.effect { entry.message } else { nil } }
        }
        var end: (time: Int, code: Int32)? {
            for case (let time, .end(let code)) in effects { return (time, code) }
            return nil
        }
    }

    private static func target(_ change: (inout DeliveryReport.Target) -> Void) -> DeliveryReport.Target {
        var target = DeliveryReport.Target(name: "edge")
        change(&target)
        return target
    }

    @Test("delivers at the start, says READY after it, then looks every five seconds and delivers every minute")
    func calm() {
        var scene = Scene()
        #expect(scene.deliveries == 1)
        scene.now = 100
        scene.deliver()
        #expect(scene.effects.contains { $0.effect == .notify(.ready, status: "0 services delivered") })
        #expect(scene.machine.status.phase == .ok && scene.machine.status.isReady)
        _ = scene.taken()
        for _ in 0..<11 {
            scene.wait(5_000)
            scene.take(.looked(LookReport()))
        }
        #expect(scene.looks == 10 || scene.looks == 11)
        #expect(scene.deliveries == 0)
        scene.wait(6_000)
        scene.take(.projectRead(nil))
        #expect(scene.deliveries == 1)
    }

    @Test("a change during a delivery is delivered after it")
    func changeMeanwhile() {
        var scene = Scene()
        scene.take(.changed([.source("local")]))
        #expect(scene.deliveries == 1)
        scene.now = 50
        scene.deliver()
        scene.wait(50)
        #expect(scene.deliveries == 2)
        scene.deliver()
        scene.wait(1_000)
        #expect(scene.deliveries == 2)
    }

    @Test("a thousand events are one delivery, and those of an output a look")
    func events() {
        var scene = Scene()
        scene.deliver()
        scene.wait(1_000)
        _ = scene.taken()
        for _ in 0..<1_000 { scene.take(.changed([.source("local"), .output("edge")])) }
        #expect(scene.deliveries == 1)
        scene.deliver()
        scene.wait(100)
        #expect(scene.deliveries <= 2)
        scene.deliver()
        _ = scene.taken()
        scene.take(.changed([.output("edge")]))
        #expect(scene.looks == 1 && scene.deliveries == 0)
    }

    @Test("an output that others changed is put back, or reported once")
    func drift() {
        var look = LookReport()
        look.drifted = ["edge"]
        var scene = Scene()
        scene.deliver()
        scene.wait(1_000)
        scene.take(.changed([.output("edge")]))
        _ = scene.taken()
        scene.take(.looked(look))
        #expect(scene.deliveries == 1)
        // Once more, before a look has found it whole.
        scene.deliver()
        scene.wait(1_000)
        _ = scene.taken()
        scene.take(.looked(look))
        #expect(scene.deliveries == 1)

        var reporting = Scene { $0.drift = .report }
        reporting.deliver()
        reporting.wait(1_000)
        _ = reporting.taken()
        for _ in 0..<3 {
            reporting.take(.changed([.output("edge")]))
            reporting.take(.looked(look))
        }
        #expect(reporting.deliveries == 0)
        #expect(reporting.lines == ["edge was changed by somebody else; it stays so until edge changes"])
    }

    @Test("a cause that persists is said once, and so is its end")
    func once() {
        var scene = Scene()
        _ = scene.taken()
        for _ in 0..<5 {
            scene.deliver {
                $0.ending = .failed
                $0.causes = ["no space left on the disk"]
            }
            scene.wait(20_000)
        }
        let errors = scene.effects.compactMap { effect -> LogEntry? in
            if case .log(let entry) = effect.effect, entry.level > .debug { return entry }
            return nil
        }
        #expect(errors.map(\.message) == ["not delivered, what was there stays: no space left on the disk"])
        #expect(scene.deliveries >= 4)
        #expect(!scene.machine.status.isReady && scene.machine.status.readiness.code == 503)
        _ = scene.taken()
        scene.deliver()
        #expect(scene.lines.first == "deliveries succeed again")
    }

    @Test("what is refused is not tried again before something changes or a minute is over")
    func refused() {
        var scene = Scene()
        _ = scene.taken()
        scene.deliver {
            $0.ending = .refused
            $0.causes = ["t.cfg:1:1: error: x [syntax]"]
        }
        for _ in 0..<10 {
            scene.wait(5_000)
            scene.take(.looked(LookReport()))
        }
        #expect(scene.deliveries == 0)
        scene.take(.changed([.target("edge")]))
        #expect(scene.deliveries == 1)
    }

    @Test("a broken project file keeps the old one, and is reported once")
    func project() {
        var scene = Scene()
        scene.deliver()
        scene.wait(1_000)
        _ = scene.taken()
        for _ in 0..<3 {
            scene.take(.changed([.project]))
            #expect(scene.taken().contains(.readProject))
            scene.take(.projectRead(.broken(["haproxy-gen.json:1:2: error: x", "more"])))
        }
        #expect(scene.lines.count == 0 && scene.deliveries == 0)
        scene.take(.changed([.project]))
        scene.take(.projectRead(.broken(["haproxy-gen.json:1:3: error: y"])))
        #expect(scene.lines == ["the project file is broken, the old one stays: haproxy-gen.json:1:3: error: y"])
        scene.take(.changed([.project]))
        scene.take(.projectRead(nil))
        #expect(scene.lines.last == "the project file is good again")
        scene.take(.changed([.project]))
        scene.take(.projectRead(.good(WatchSettings(), targets: [], sources: [])))
        #expect(scene.deliveries == 1)
    }

    @Test("signals: HUP looks at everything, by force; TERM drains, with or without work under way")
    func signals() {
        var scene = Scene { $0.drain = 3_000 }
        scene.deliver()
        scene.wait(2_000)
        _ = scene.taken()
        scene.take(.refresh)
        #expect(scene.effects.contains { $0.effect == .notify(.reloading(2_000_000), status: nil) })
        scene.take(.projectRead(nil))
        var wish = DeliveryRun.Wish()
        wish.isForced = true
        wish.releasesQuarantine = true
        wish.isWaitOver = false
        #expect(scene.effects.contains { $0.effect == .deliver(wish) })
        scene.deliver()
        #expect(scene.effects.contains { $0.effect == .notify(.ready, status: "0 services delivered") })
        _ = scene.taken()
        scene.take(.end)
        #expect(scene.machine.status.statusAnswer == (503, "TERMINATING"))
        scene.take(.changed([.source("local")]))
        scene.wait(10_000)
        #expect(scene.deliveries == 0)
        #expect(scene.end?.time == 5_000 && scene.end?.code == 0)
    }

    @Test("the end waits for work under way, but for no more than a second")
    func busyEnd() {
        var scene = Scene()
        scene.take(.end)
        scene.wait(500)
        #expect(scene.end == nil)
        var other = scene
        other.deliver()
        other.wait(1)
        #expect(other.end?.time == 500)
        scene.wait(5_000)
        #expect(scene.end.map { $0.time <= 1_000 } == true)
    }

    @Test(
        "one delivery alone ends with its code",
        arguments: [
            (DeliverySchedule.Ending.done, 0), (.reloaded, 0), (.refused, 1), (.failed, 3),
        ] as [(DeliverySchedule.Ending, Int32)])
    func onceAlone(_ ending: DeliverySchedule.Ending, _ code: Int32) {
        var scene = Scene(isOnce: true)
        scene.deliver { $0.ending = ending }
        #expect(scene.end?.code == code)
    }

    @Test("the first delivery waits for sources that have never answered, and goes on without them")
    func initialWait() {
        var scene = Scene { $0.initialWait = 3_000 }
        var last: DeliveryRun.Wish?
        while scene.now < 20_000, last?.isWaitOver != true {
            var isUnderWay = false
            for case .deliver(let wish) in scene.taken() { (last, isUnderWay) = (wish, true) }
            if last?.isWaitOver == true { break }
            guard isUnderWay else {
                scene.wait(100)
                continue
            }
            scene.deliver {
                $0.ending = .failed
                $0.isWaiting = true
                $0.problems = ["local": "no answer"]
            }
        }
        #expect(last?.isWaitOver == true && (3_000..<3_200).contains(scene.now), "\(scene.now)")
        #expect(
            scene.machine.status.phase == .initializing && scene.machine.status.statusAnswer == (503, "INITIALIZING"))
    }

    @Test("says what a delivery did in one line, with its times; counts them")
    func delivered() throws {
        var scene = Scene()
        scene.deliver()
        scene.wait(1_000)
        _ = scene.taken()
        scene.take(.changed([.source("local")]))
        scene.now += 34
        scene.deliver { report in
            report.ending = .reloaded
            report.services = ["local": 2]
            report.targets = [
                Self.target {
                    $0.summary = ["backend a: +1 server", "backend b removed"]
                    ($0.render, $0.check, $0.reload) = (4_200, 20_000, 8_000)
                }
            ]
        }
        #expect(
            scene.lines.last
                == "edge: backend a: +1 server; backend b removed "
                + "(source local; 34 ms in all: render 4, check 20, reload 8 ms)")
        #expect(scene.machine.status.eventToProxy.count == 1)
        #expect(scene.machine.status.sources.map(\.services) == [2])
    }

    @Test("signs of life come as often as they are wanted, work or not")
    func watchdog() {
        var scene = Scene(watchdog: 5_000)
        scene.wait(60_000)
        #expect(scene.effects.count { $0.effect == .notify(.alive, status: nil) } == 12)
    }

    @Test("a day of changes every second: reloads stay 15 s apart, and nothing is lost")
    func day() {
        var scene = Scene()
        var taken = 0
        var undelivered = true
        var isBusy = true
        for second in 1...86_400 {
            if isBusy {
                scene.deliver { $0.ending = .reloaded }
                isBusy = false
            }
            scene.wait(1_000 - scene.now % 1_000)
            scene.take(.changed([.source("local")]))
            undelivered = true
            for effect in scene.taken() {
                if case .deliver = effect {
                    taken += 1
                    undelivered = false
                    isBusy = true
                } else if effect == .look || effect == .readProject {
                    scene.take(effect == .look ? .looked(LookReport()) : .projectRead(nil))
                    for case .deliver in scene.taken() {
                        taken += 1
                        isBusy = true
                    }
                }
            }
            _ = second
        }
        #expect(taken > 5_000 && taken < 6_500, "\(taken)")
        scene.wait(20_000)
        #expect(undelivered == false || scene.deliveries > 0 || isBusy)
    }
}
