// SPDX-License-Identifier: Apache-2.0
#include "engine/weights/safetensors.h"

#include "engine/base/json_fields.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian and mapped as they are");

namespace tintype::weights {
namespace {

struct DTypeRow {
    DType dtype;
    std::string_view name;
    std::size_t size;
};

constexpr std::array kDTypes{
    DTypeRow{DType::F64, "F64", 8}, DTypeRow{DType::F32, "F32", 4}, DTypeRow{DType::F16, "F16", 2},
    DTypeRow{DType::BF16, "BF16", 2}, DTypeRow{DType::F8E4M3, "F8_E4M3", 1}, DTypeRow{DType::F8E5M2, "F8_E5M2", 1},
    DTypeRow{DType::I64, "I64", 8}, DTypeRow{DType::I32, "I32", 4}, DTypeRow{DType::I16, "I16", 2},
    DTypeRow{DType::I8, "I8", 1}, DTypeRow{DType::U8, "U8", 1}, DTypeRow{DType::U16, "U16", 2},
    DTypeRow{DType::U32, "U32", 4}, DTypeRow{DType::U64, "U64", 8}, DTypeRow{DType::Bool, "BOOL", 1},
};

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxDimensions = 16;
constexpr std::size_t kMaxNameLength = 1024;

const DTypeRow& rowOf(DType dtype)
{
    return *std::find_if(kDTypes.begin(), kDTypes.end(), [dtype](const DTypeRow& row) { return row.dtype == dtype; });
}

tl::unexpected<Error> corrupt(const std::string& source, std::string_view what)
{
    return fail(ErrorCode::Corrupt, fmt::format("{}: {}", source, what));
}

/// nlohmann's parser keeps the last of two equal keys; a weight file with two is a lie, so they are looked for here.
struct DuplicateKeyFinder {
    std::vector<std::set<std::string>> open;
    std::optional<std::string> duplicate;

    bool operator()(int, nlohmann::json::parse_event_t event, nlohmann::json& value)
    {
        using Event = nlohmann::json::parse_event_t;
        if (event == Event::object_start)
            open.emplace_back();
        else if (event == Event::object_end)
            open.pop_back();
        else if (event == Event::key && !open.back().insert(value.get<std::string>()).second && !duplicate)
            duplicate = value.get<std::string>();
        return open.size() <= 3;
    }
};

/// Product of the dimensions times the element size, or nothing on overflow.
std::optional<std::uint64_t> checkedBytes(const std::vector<std::int64_t>& shape, std::size_t elementSize)
{
    std::uint64_t bytes = elementSize;
    for (const std::int64_t dimension : shape) {
        if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(dimension), &bytes))
            return {};
    }
    return bytes <= static_cast<std::uint64_t>(INT64_MAX) ? std::optional(bytes) : std::nullopt;
}

bool isCount(const nlohmann::json& value)
{
    return value.is_number_unsigned() && value.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX);
}

Result<TensorEntry> parseEntry(const nlohmann::json& json, const std::string& name, const std::string& source)
{
    const auto bad = [&](std::string_view what) {
        return corrupt(source, fmt::format("tensor '{}': {}", name, what));
    };
    if (!json.is_object())
        return bad("its entry is not an object");
    const auto dtype = json.find("dtype");
    const auto shape = json.find("shape");
    const auto offsets = json.find("data_offsets");
    if (json.size() != 3 || dtype == json.end() || shape == json.end() || offsets == json.end())
        return bad("its entry must have exactly dtype, shape and data_offsets");
    if (!dtype->is_string())
        return bad("dtype is not a string");

    TensorEntry entry;
    const auto wanted = dtype->get<std::string>();
    const auto row
        = std::find_if(kDTypes.begin(), kDTypes.end(), [&wanted](const DTypeRow& r) { return r.name == wanted; });
    if (row == kDTypes.end())
        return fail(ErrorCode::Unsupported, fmt::format("{}: tensor '{}': dtype {} is not supported", source, name, wanted));
    entry.dtype = row->dtype;

    if (!shape->is_array() || shape->size() > kMaxDimensions)
        return bad(fmt::format("shape is not a list of at most {} dimensions", kMaxDimensions));
    for (const auto& dimension : *shape) {
        if (!isCount(dimension))
            return bad("shape has an entry that is not a count");
        entry.shape.push_back(dimension.get<std::int64_t>());
    }
    if (!offsets->is_array() || offsets->size() != 2 || !isCount((*offsets)[0]) || !isCount((*offsets)[1]))
        return bad("data_offsets is not a pair of counts");
    entry.begin = (*offsets)[0].get<std::uint64_t>();
    entry.end = (*offsets)[1].get<std::uint64_t>();
    if (entry.begin > entry.end)
        return bad("data_offsets run backwards");
    const auto bytes = checkedBytes(entry.shape, row->size);
    if (!bytes)
        return bad("its shape overflows");
    if (*bytes != entry.bytes())
        return bad(fmt::format("its shape needs {} bytes, data_offsets give {}", *bytes, entry.bytes()));
    return entry;
}

/// Data must be one run from 0 to the end of the file: every byte belongs to exactly one tensor.
Result<> checkContiguous(const SafetensorsHeader& header, std::uint64_t dataBytes, const std::string& source)
{
    std::vector<const std::pair<const std::string, TensorEntry>*> byOffset;
    for (const auto& named : header.tensors)
        byOffset.push_back(&named);
    std::sort(byOffset.begin(), byOffset.end(), [](const auto* a, const auto* b) {
        return std::pair(a->second.begin, a->second.end) < std::pair(b->second.begin, b->second.end);
    });
    std::uint64_t expected = 0;
    for (const auto* named : byOffset) {
        const TensorEntry& entry = named->second;
        if (entry.begin != expected) {
            return corrupt(source, fmt::format("tensor '{}' starts at byte {}, {} at byte {}", named->first, entry.begin,
                                       entry.begin < expected ? "inside the tensor before it that ends" : "after a hole that starts",
                                       expected));
        }
        expected = entry.end;
    }
    if (expected != dataBytes) {
        return corrupt(source,
            fmt::format("the header describes {} bytes of data, the file holds {} (truncated or not complete)", expected, dataBytes));
    }
    return {};
}

} // namespace

std::size_t dtypeSize(DType dtype)
{
    return rowOf(dtype).size;
}

std::string_view dtypeName(DType dtype)
{
    return rowOf(dtype).name;
}

std::int64_t TensorEntry::elements() const
{
    return static_cast<std::int64_t>(bytes() / dtypeSize(dtype));
}

Result<SafetensorsHeader> parseSafetensorsHeader(
    std::span<const std::uint8_t> json, std::uint64_t dataBytes, const std::string& source)
{
    if (json.empty() || json.front() != '{')
        return corrupt(source, "not a safetensors file (its header does not start with '{')");
    DuplicateKeyFinder finder;
    const auto parsed = nlohmann::json::parse(json.begin(), json.end(), std::ref(finder), /*allow_exceptions=*/false);
    if (finder.duplicate)
        return corrupt(source, fmt::format("the key '{}' is there twice", *finder.duplicate));
    if (parsed.is_discarded() || !parsed.is_object())
        return corrupt(source, "the safetensors header is not valid JSON");

    SafetensorsHeader header;
    for (const auto& [name, value] : parsed.items()) {
        if (name.size() > kMaxNameLength)
            return corrupt(source, fmt::format("a tensor's name is longer than {} bytes", kMaxNameLength));
        if (name == "__metadata__") {
            if (!value.is_object())
                return corrupt(source, "__metadata__ is not an object");
            for (const auto& [key, text] : value.items()) {
                if (!text.is_string())
                    return corrupt(source, fmt::format("__metadata__ '{}' is not a string", key));
                header.metadata[key] = text.get<std::string>();
            }
            continue;
        }
        TINTYPE_TRY_ASSIGN(auto entry, parseEntry(value, name, source));
        header.tensors.emplace(name, std::move(entry));
    }
    TINTYPE_TRY(checkContiguous(header, dataBytes, source));
    return header;
}

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path& path)
{
    const std::string source = path.string();
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        const ErrorCode code = errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io;
        return fail(code, fmt::format("{}: cannot be opened: {}", source, std::strerror(errno)));
    }
    struct stat status{};
    const bool isFile = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    SafetensorsFile file;
    file.m_path = path;
    file.m_bytes = isFile ? static_cast<std::uint64_t>(status.st_size) : 0;
    void* map = file.m_bytes > kLengthBytes ? ::mmap(nullptr, file.m_bytes, PROT_READ, MAP_PRIVATE, descriptor, 0) : MAP_FAILED;
    ::close(descriptor);
    if (!isFile)
        return fail(ErrorCode::Io, fmt::format("{}: is not a regular file", source));
    if (file.m_bytes <= kLengthBytes)
        return corrupt(source, fmt::format("{} bytes are too few for a safetensors file", file.m_bytes));
    if (map == MAP_FAILED)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be mapped: {}", source, std::strerror(errno)));
    file.m_map = static_cast<const std::uint8_t*>(map);

    std::uint64_t headerBytes = 0;
    std::memcpy(&headerBytes, file.m_map, kLengthBytes);
    if (headerBytes > kMaxHeaderBytes || headerBytes > file.m_bytes - kLengthBytes) {
        return corrupt(source, fmt::format("the header says it is {} bytes long; the file has {} and the limit is {}", headerBytes,
                                   file.m_bytes, kMaxHeaderBytes));
    }
    file.m_dataStart = kLengthBytes + headerBytes;
    TINTYPE_TRY_ASSIGN(file.m_header,
        parseSafetensorsHeader({file.m_map + kLengthBytes, headerBytes}, file.m_bytes - file.m_dataStart, source));
    return file;
}

std::span<const std::uint8_t> SafetensorsFile::data(const TensorEntry& entry) const
{
    return {m_map + m_dataStart + entry.begin, entry.bytes()};
}

SafetensorsFile::SafetensorsFile(SafetensorsFile&& other) noexcept
{
    *this = std::move(other);
}

SafetensorsFile& SafetensorsFile::operator=(SafetensorsFile&& other) noexcept
{
    std::swap(m_path, other.m_path);
    std::swap(m_header, other.m_header);
    std::swap(m_map, other.m_map);
    std::swap(m_bytes, other.m_bytes);
    std::swap(m_dataStart, other.m_dataStart);
    return *this;
}

SafetensorsFile::~SafetensorsFile()
{
    if (m_map)
        ::munmap(const_cast<std::uint8_t*>(m_map), m_bytes);
}

std::vector<std::uint8_t> safetensorsBytes(
    const std::string& name, DType dtype, const std::vector<std::int64_t>& shape, std::span<const std::uint8_t> data)
{
    const nlohmann::json header{
        {name, {{"dtype", dtypeName(dtype)}, {"shape", shape}, {"data_offsets", {0, data.size()}}}}};
    std::string text = header.dump();
    text.resize((text.size() + kLengthBytes - 1) / kLengthBytes * kLengthBytes, ' ');
    const std::uint64_t length = text.size();
    std::vector<std::uint8_t> bytes(kLengthBytes + text.size() + data.size());
    std::memcpy(bytes.data(), &length, kLengthBytes);
    std::memcpy(bytes.data() + kLengthBytes, text.data(), text.size());
    if (!data.empty())
        std::memcpy(bytes.data() + kLengthBytes + text.size(), data.data(), data.size());
    return bytes;
}

} // namespace tintype::weights
