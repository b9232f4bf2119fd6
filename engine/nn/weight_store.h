// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/weights/model_folder.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tintype::engine {

/// Where tensors live and in which floating-point type.
struct Placement {
    c10::Device device = c10::kCPU;
    at::ScalarType dtype = at::kFloat;
};

/// Gives out the tensors of one component by their checkpoint name, and keeps book: every tensor must have the shape
/// that the config asks for, none may be missing, none may be left over. Raises EngineError.
/// On a CPU a tensor that needs no conversion is the mapped file itself: nothing is copied.
class WeightStore {
public:
    WeightStore(weights::ComponentFiles files, Placement placement, std::string component);

    /// For random weights (bench): every tensor is drawn N(0, 0.02) on the device instead of read.
    static WeightStore random(Placement placement, std::string component);

    const Placement& placement() const { return m_placement; }
    bool has(const std::string& name) const;
    bool isShape(const std::string& name, at::IntArrayRef shape) const; ///< whether the file has it in this shape

    /// @error NotFound: missing · Corrupt: another shape than asked for
    at::Tensor take(const std::string& name, at::IntArrayRef shape);
    /// An undefined tensor when there is none by this name.
    at::Tensor takeIfThere(const std::string& name, at::IntArrayRef shape);
    /// As take, in another dtype than the placement's.
    at::Tensor takeAs(const std::string& name, at::IntArrayRef shape, at::ScalarType dtype);
    /// One of several names that a tensor has had over time; the first that is there.
    std::string firstOf(std::initializer_list<std::string> names) const;

    /// Tensors whose name starts so are not needed and not complained of.
    void ignore(const std::string& prefix) { m_ignored.push_back(prefix); }

    /// To be called when the component is built. @error Corrupt: tensors that nothing asked for, by name
    void finish() const;

    std::uint64_t bytesTaken() const { return m_bytesTaken; }
    std::uint64_t parametersTaken() const { return m_parametersTaken; }
    void setObserver(std::function<void(std::uint64_t bytesTaken)> observer) { m_observer = std::move(observer); }

private:
    at::Tensor read(const std::string& name, at::ScalarType dtype);
    at::Tensor draw(const std::string& name, at::IntArrayRef shape, at::ScalarType dtype) const;
    void count(const at::Tensor& tensor);

    std::shared_ptr<const weights::ComponentFiles> m_files; ///< null for random weights
    Placement m_placement;
    std::string m_component;
    std::set<std::string> m_taken;
    std::vector<std::string> m_ignored;
    std::uint64_t m_bytesTaken = 0;
    std::uint64_t m_parametersTaken = 0;
    std::function<void(std::uint64_t)> m_observer;
};

} // namespace tintype::engine
