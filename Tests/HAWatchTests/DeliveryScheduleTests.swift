import HADelivery
import Testing

@testable import HAWatch

@Suite("Delivery schedule") struct DeliveryScheduleTests {
    private static func settings(reloadInterval: Int = 1_000) -> WatchSettings {
        var settings = WatchSettings()
        settings.reloadInterval = reloadInterval
        return settings
    }

    @Test("the first change after calm begins at once")
    func first() {
        var schedule = DeliverySchedule(Self.settings(), seed: 0)
        #expect(schedule.due == nil)
        schedule.changed(at: 100)
        #expect(schedule.due == 100)
        let begun1 = schedule.begin(at: 99)
        #expect(begun1 == nil)
        let begun2 = schedule.begin(at: 100)
        #expect(begun2?.first == 100)
        let begun3 = schedule.begin(at: 200)
        #expect(schedule.due == nil && begun3 == nil)
        schedule.ended(.done, at: 150)
        schedule.changed(at: 500)
        #expect(schedule.due == 500)
    }

    @Test("changes that follow each other wait for quiet, but no longer than atMost")
    func burst() {
        var schedule = DeliverySchedule(Self.settings(), seed: 0)
        schedule.changed(at: 0)
        _ = schedule.begin(at: 0)
        schedule.changed(at: 5)
        schedule.ended(.done, at: 10)
        #expect(schedule.due == 25)
        for time in stride(from: 20, through: 600, by: 10) { schedule.changed(at: time) }
        #expect(schedule.due == 505)
        let begun4 = schedule.begin(at: 505)
        #expect(begun4?.first == 5)
    }

    @Test("a thousand changes in a moment are two deliveries: the first, and all others")
    func thousand() {
        var schedule = DeliverySchedule(Self.settings(reloadInterval: 0), seed: 0)
        var (now, deliveries, end) = (0, 0, Int?.none)
        for event in 0..<1_000 {
            schedule.changed(at: event / 10)
        }
        while now < 5_000 {
            if let time = end, time <= now {
                schedule.ended(.reloaded, at: now)
                end = nil
            }
            if schedule.begin(at: now) != nil {
                deliveries += 1
                end = now + 30
            }
            now += 1
        }
        #expect((1...2).contains(deliveries))
    }

    @Test("reloads keep their distance, which doubles under constant change and shrinks in calm")
    func spacing() {
        var schedule = DeliverySchedule(Self.settings(), seed: 0)
        var (now, begun) = (0, [Int]())
        // Something changes every 10 ms.
        while now < 120_000 {
            schedule.changed(at: now)
            if schedule.begin(at: now) != nil {
                begun.append(now)
                schedule.ended(.reloaded, at: now)
            }
            now += 10
        }
        let distances = zip(begun, begun.dropFirst()).map { $1 - $0 }
        #expect(distances.prefix(5) == [1_000, 2_000, 4_000, 8_000, 15_000], "\(distances)")
        #expect(distances.dropFirst(4).allSatisfy { $0 == 15_000 })
        // Calm: one change at last, then a minute of nothing.
        now += 60_000
        schedule.changed(at: now)
        let begun5 = schedule.begin(at: schedule.due ?? 0)
        #expect(begun5 != nil)
        schedule.ended(.reloaded, at: now)
        now += 60_000
        schedule.changed(at: now)
        #expect(schedule.due == now)
        let begun6 = schedule.begin(at: now)
        #expect(begun6 != nil)
        schedule.ended(.reloaded, at: now)
        schedule.changed(at: now + 10)
        #expect(schedule.due == now + 1_000)
    }

    @Test("a failure of the environment is tried again, longer and longer apart; a change is tried at once")
    func failures() throws {
        var schedule = DeliverySchedule(Self.settings(), seed: 1)
        schedule.changed(at: 0)
        _ = schedule.begin(at: 0)
        schedule.ended(.failed, at: 0)
        var waits: [Int] = []
        var now = 0
        for _ in 0..<12 {
            let due = try #require(schedule.due)
            waits.append(due - now)
            now = due
            let begun7 = schedule.begin(at: now)
            #expect(begun7?.isRetry == true)
            schedule.ended(.failed, at: now)
        }
        #expect((800...1_000).contains(waits[0]) && (12_000...15_000).contains(waits[11]), "\(waits)")
        schedule.changed(at: now + 100)
        #expect(schedule.due == now + 100)
        let begun8 = schedule.begin(at: now + 100)
        #expect(begun8?.isRetry == false)
        schedule.ended(.refused, at: now + 100)
        #expect(schedule.due == nil)
    }
}
