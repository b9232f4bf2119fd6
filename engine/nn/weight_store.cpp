// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/weight_store.h"

#include "engine/nn/engine_error.h"

#include <ATen/ATen.h>
#include <fmt/ranges.h>

namespace tintype::engine {
namespace {

using weights::DType;

at::ScalarType scalarType(DType dtype)
{
    switch (dtype) {
    case DType::F64:
        return at::kDouble;
    case DType::F32:
        return at::kFloat;
    case DType::F16:
        return at::kHalf;
    case DType::BF16:
        return at::kBFloat16;
    case DType::F8E4M3:
        return at::kFloat8_e4m3fn;
    case DType::F8E5M2:
        return at::kFloat8_e5m2;
    case DType::I64:
        return at::kLong;
    case DType::I32:
        return at::kInt;
    case DType::I16:
        return at::kShort;
    case DType::I8:
        return at::kChar;
    case DType::U8:
        return at::kByte;
    case DType::U16:
        return at::kUInt16;
    case DType::U32:
        return at::kUInt32;
    case DType::U64:
        return at::kUInt64;
    case DType::Bool:
        return at::kBool;
    }
    return at::kFloat;
}

constexpr double kRandomWeightDeviation = 0.02; // what checkpoints of this kind look like; zeros would flatter the clocks
constexpr std::size_t kNamesShown = 3;

} // namespace

WeightStore::WeightStore(weights::ComponentFiles files, Placement placement, std::string component)
    : m_files(std::make_shared<weights::ComponentFiles>(std::move(files)))
    , m_placement(placement)
    , m_component(std::move(component))
{
}

WeightStore WeightStore::random(Placement placement, std::string component)
{
    WeightStore store({}, placement, std::move(component));
    store.m_files.reset();
    return store;
}

bool WeightStore::has(const std::string& name) const
{
    return m_files && m_files->find(name).entry;
}

bool WeightStore::isShape(const std::string& name, at::IntArrayRef shape) const
{
    return has(name) && at::IntArrayRef(m_files->find(name).entry->shape) == shape;
}

std::string WeightStore::firstOf(std::initializer_list<std::string> names) const
{
    for (const std::string& name : names) {
        if (has(name))
            return name;
    }
    return *names.begin();
}

at::Tensor WeightStore::take(const std::string& name, at::IntArrayRef shape)
{
    return takeAs(name, shape, m_placement.dtype);
}

at::Tensor WeightStore::takeIfThere(const std::string& name, at::IntArrayRef shape)
{
    return has(name) ? take(name, shape) : at::Tensor();
}

at::Tensor WeightStore::takeAs(const std::string& name, at::IntArrayRef shape, at::ScalarType dtype)
{
    if (!m_files) {
        at::Tensor drawn = draw(name, shape, dtype);
        count(drawn);
        return drawn;
    }
    const auto place = m_files->find(name);
    if (!place.entry) {
        raise(ErrorCode::NotFound, "{}: tensor '{}' of shape [{}] is missing in {}", m_component, name,
            fmt::join(shape, ", "), m_files->files.empty() ? "no file" : m_files->files.front().path().string());
    }
    if (at::IntArrayRef(place.entry->shape) != shape) {
        raise(ErrorCode::Corrupt, "{}: tensor '{}' has shape [{}], its config asks for [{}]", place.file->path().string(),
            name, fmt::join(place.entry->shape, ", "), fmt::join(shape, ", "));
    }
    at::Tensor tensor = read(name, dtype);
    count(tensor);
    return tensor;
}

at::Tensor WeightStore::read(const std::string& name, at::ScalarType dtype)
{
    const auto place = m_files->find(name);
    m_taken.insert(name);
    const auto bytes = place.file->data(*place.entry);
    const at::ScalarType stored = scalarType(place.entry->dtype);
    // The mapping is read-only, and so are weights.
    void* data = const_cast<std::uint8_t*>(bytes.data());
    const bool aligned = reinterpret_cast<std::uintptr_t>(data) % weights::dtypeSize(place.entry->dtype) == 0;
    at::Tensor mapped;
    if (aligned) {
        mapped = at::from_blob(
            data, place.entry->shape, [files = m_files](void*) {}, at::TensorOptions(stored));
    } else {
        mapped = at::empty(place.entry->shape, at::TensorOptions(stored));
        std::memcpy(mapped.data_ptr(), bytes.data(), bytes.size());
    }
    return mapped.to(m_placement.device, dtype);
}

at::Tensor WeightStore::draw(const std::string& name, at::IntArrayRef shape, at::ScalarType dtype) const
{
    at::Tensor tensor = at::empty(shape, at::TensorOptions(m_placement.device).dtype(dtype));
    tensor.normal_(0.0, kRandomWeightDeviation);
    const bool isNormWeight = shape.size() == 1 && name.ends_with(".weight");
    return isNormWeight ? tensor.add_(1.0) : tensor;
}

void WeightStore::count(const at::Tensor& tensor)
{
    m_bytesTaken += tensor.nbytes();
    m_parametersTaken += static_cast<std::uint64_t>(tensor.numel());
    if (m_observer)
        m_observer(m_bytesTaken);
}

void WeightStore::finish() const
{
    if (!m_files)
        return;
    std::vector<std::string> left;
    for (const auto& [name, place] : m_files->all()) {
        const bool ignored = std::any_of(
            m_ignored.begin(), m_ignored.end(), [&name](const std::string& prefix) { return name.starts_with(prefix); });
        if (!ignored && !m_taken.contains(name))
            left.push_back(name);
    }
    if (left.empty())
        return;
    const std::size_t total = left.size();
    left.resize(std::min(total, kNamesShown));
    raise(ErrorCode::Corrupt, "{}: {} tensor{} that the config has no place for: {}{}",
        m_files->files.front().path().string(), total, total == 1 ? "" : "s", fmt::join(left, ", "),
        total > kNamesShown ? ", …" : "");
}

} // namespace tintype::engine
