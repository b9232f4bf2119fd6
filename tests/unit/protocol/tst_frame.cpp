// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/frame.h"

#include <QTest>
#include <array>
#include <numeric>

using namespace tintype;
using namespace tintype::protocol;

namespace {

using Bytes = std::vector<std::uint8_t>;

void putU32(Bytes& bytes, std::size_t at, std::uint32_t value)
{
    for (std::size_t byte = 0; byte < 4; ++byte)
        bytes.at(at + byte) = static_cast<std::uint8_t>(value >> (8 * byte));
}

/// A prefix that may lie.
struct Prefix {
    std::uint32_t length = 2;
    std::uint8_t type = 19;
    std::uint8_t flags = 0;
    std::uint8_t reserved = 0;
    std::uint32_t headerLength = 2;

    Bytes bytes() const
    {
        Bytes out(kFramePrefixBytes, 0);
        putU32(out, 0, length);
        out[4] = type;
        out[5] = flags;
        out[7] = reserved;
        putU32(out, 8, headerLength);
        return out;
    }
};

Frame pingFrame()
{
    return {.type = FrameType::Ping, .header = R"({"number":7})", .binary = {}};
}

Frame resultFrame()
{
    Frame frame{.type = FrameType::Result, .header = R"({"request":"r"})", .binary = Bytes(300)};
    std::iota(frame.binary.begin(), frame.binary.end(), std::uint8_t{0});
    return frame;
}

std::string errorOf(const Bytes& bytes)
{
    FrameDecoder decoder;
    decoder.feed(bytes);
    const auto next = decoder.next();
    if (next)
        return "no error";
    return next.error().code == ErrorCode::Protocol ? next.error().message : "wrong code: " + next.error().message;
}

} // namespace

class TestFrame : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesUnknownTypes()
    {
        for (const int type : {0, 2, 15, 22, 31, 39, 255})
            QCOMPARE(errorOf(Prefix{.type = static_cast<std::uint8_t>(type)}.bytes()),
                "frame: unknown type " + std::to_string(type));
    }

    void refusesFlagsAndReservedBytes()
    {
        QCOMPARE(errorOf(Prefix{.flags = 1}.bytes()), std::string("frame: flags or reserved bytes are not zero"));
        QCOMPARE(errorOf(Prefix{.reserved = 1}.bytes()), std::string("frame: flags or reserved bytes are not zero"));
    }

    void refusesOversizedLengthsBeforeTheirBytesArrive()
    {
        QCOMPARE(errorOf(Prefix{.length = (256U << 20) + 1}.bytes()),
            std::string("frame: payload of 268435457 bytes, the limit is 268435456"));
        QCOMPARE(errorOf(Prefix{.length = 0xffffffff, .headerLength = 0xffffffff}.bytes()),
            std::string("frame: payload of 4294967295 bytes, the limit is 268435456"));
        QCOMPARE(errorOf(Prefix{.length = 256U << 20, .headerLength = (16U << 20) + 1}.bytes()),
            std::string("frame: header of 16777217 bytes, the limit is 16777216"));
    }

    void refusesAHeaderLongerThanThePayload()
    {
        QCOMPARE(errorOf(Prefix{.length = 2, .headerLength = 3}.bytes()),
            std::string("frame: header of 3 bytes in a payload of 2"));
    }

    void repeatsTheFirstError()
    {
        FrameDecoder decoder;
        decoder.feed(Prefix{.type = 0}.bytes());
        const auto first = decoder.next();
        decoder.feed(*encodeFrame(pingFrame()));
        const auto second = decoder.next();
        QVERIFY(!first && !second);
        QVERIFY(first.error() == second.error());
        QVERIFY(!decoder.finish());
    }

    void waitsForTruncatedFramesAndRefusesTheirEnd()
    {
        const Bytes whole = *encodeFrame(resultFrame());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            FrameDecoder decoder;
            decoder.feed(std::span(whole).first(size));
            const auto next = decoder.next();
            QVERIFY(next.has_value());
            QVERIFY(!next->has_value());
            QCOMPARE(decoder.finish().has_value(), size == 0);
        }
    }

    void encoderRefusesAHeaderOverTheLimit()
    {
        Frame frame = pingFrame();
        frame.header.assign(kMaxHeaderBytes + 1, ' ');
        QVERIFY(!encodeFrame(frame));
    }

    /// The bytes of README.md.
    void encodesTheDocumentedExample()
    {
        const Bytes expected{0x0c, 0, 0, 0, 0x13, 0, 0, 0, 0x0c, 0, 0, 0, 0x7b, 0x22, 0x6e, 0x75, 0x6d, 0x62, 0x65,
            0x72, 0x22, 0x3a, 0x37, 0x7d};
        QVERIFY(*encodeFrame(pingFrame()) == expected);
    }

    void carriesEmptyPayloads()
    {
        const Frame frame{.type = FrameType::Drain, .header = {}, .binary = {}};
        FrameDecoder decoder;
        decoder.feed(*encodeFrame(frame));
        QVERIFY(**decoder.next() == frame);
    }

    void decodesPiecesOfAnySize_data()
    {
        QTest::addColumn<int>("pieceSize");
        for (const int size : {1, 2, 3, 7, 11, 12, 13, 100, 1000})
            QTest::addRow("%d", size) << size;
    }

    void decodesPiecesOfAnySize()
    {
        QFETCH(int, pieceSize);
        const std::array frames{pingFrame(), resultFrame(), pingFrame(), resultFrame()};
        Bytes stream;
        for (const Frame& frame : frames) {
            const Bytes bytes = *encodeFrame(frame);
            stream.insert(stream.end(), bytes.begin(), bytes.end());
        }
        FrameDecoder decoder;
        std::vector<Frame> decoded;
        for (std::span rest(stream); !rest.empty();) {
            const auto piece = rest.first(std::min<std::size_t>(rest.size(), static_cast<std::size_t>(pieceSize)));
            rest = rest.subspan(piece.size());
            decoder.feed(piece);
            while (auto frame = *decoder.next())
                decoded.push_back(*std::move(frame));
        }
        QVERIFY(decoded == std::vector(frames.begin(), frames.end()));
        QVERIFY(decoder.finish());
    }
};

QTEST_GUILESS_MAIN(TestFrame)
#include "tst_frame.moc"
