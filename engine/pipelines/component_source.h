// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/generation.h"
#include "engine/nn/weight_store.h"
#include "engine/text/tokenizer.h"
#include "engine/vae/vae.h"
#include "engine/weights/model_folder.h"

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace tintype::engine {

/// Ids of a text, padded to `maxLength`; what a pipeline knows of a tokenizer.
struct PipelineTokenizer {
    std::function<text::TokenIds(const std::string& utf8, int maxLength)> encode;
    int modelMaxLength = text::Tokenizer::kNoLimit;
};

/// Where a pipeline's components come from: a model folder, a folder's configs alone (to count), or nowhere (random
/// weights). Keeps count of what was built. Raises EngineError.
class ComponentSource {
public:
    virtual ~ComponentSource() = default;

    virtual std::string className(const std::string& component) const = 0;
    virtual nlohmann::json config(const std::string& component) const = 0;
    virtual std::string configSource(const std::string& component) const = 0; ///< names the config in errors
    virtual WeightStore weights(const std::string& component, const std::string& baseName, Placement placement) = 0;
    virtual PipelineTokenizer tokenizer(const std::string& component, text::TokenizerKind kind) const = 0;
    virtual bool forceZerosForEmptyPrompt() const { return true; }

    /// Checks the store's books and adds to the totals.
    void finish(const WeightStore& store);

    std::uint64_t weightBytes() const { return m_weightBytes; }
    std::uint64_t parameters() const { return m_parameters; }

private:
    std::uint64_t m_weightBytes = 0;
    std::uint64_t m_parameters = 0;
};

/// Reads a model folder. The observer is told of each component while it is read.
class FolderSource final : public ComponentSource {
public:
    using Observer = std::function<void(const LoadProgress&)>;

    FolderSource(weights::ModelFolder folder, std::string variant, Observer observer = {});

    std::string className(const std::string& component) const override;
    nlohmann::json config(const std::string& component) const override;
    std::string configSource(const std::string& component) const override;
    WeightStore weights(const std::string& component, const std::string& baseName, Placement placement) override;
    PipelineTokenizer tokenizer(const std::string& component, text::TokenizerKind kind) const override;
    bool forceZerosForEmptyPrompt() const override { return m_folder.forceZerosForEmptyPrompt; }

    void forgetObserver() { m_observer = {}; }
    const weights::ModelFolder& folder() const { return m_folder; }
    const std::vector<std::filesystem::path>& weightFiles() const { return m_weightFiles; } ///< opened so far

private:
    weights::ModelFolder m_folder;
    std::string m_variant;
    Observer m_observer;
    std::vector<std::filesystem::path> m_weightFiles;
};

/// Reads configs and draws weights, or on the meta device only counts them.
class RandomSource final : public ComponentSource {
public:
    /// Configs and class names of another source.
    explicit RandomSource(const ComponentSource& configs)
        : m_configs(configs)
    {
    }

    std::string className(const std::string& component) const override { return m_configs.className(component); }
    nlohmann::json config(const std::string& component) const override { return m_configs.config(component); }
    std::string configSource(const std::string& component) const override { return m_configs.configSource(component); }
    WeightStore weights(const std::string& component, const std::string& baseName, Placement placement) override;
    /// Ids that only depend on the length: speed does not depend on them.
    PipelineTokenizer tokenizer(const std::string& component, text::TokenizerKind kind) const override;
    bool forceZerosForEmptyPrompt() const override { return m_configs.forceZerosForEmptyPrompt(); }

private:
    const ComponentSource& m_configs;
};

/// Configs given as JSON: component → {class, config}. Has no weights.
class ConfigSource final : public ComponentSource {
public:
    struct Component {
        std::string className;
        nlohmann::json config;
    };
    explicit ConfigSource(std::map<std::string, Component> components)
        : m_components(std::move(components))
    {
    }

    std::string className(const std::string& component) const override { return m_components.at(component).className; }
    nlohmann::json config(const std::string& component) const override { return m_components.at(component).config; }
    std::string configSource(const std::string& component) const override { return component; }
    WeightStore weights(const std::string& component, const std::string& baseName, Placement placement) override;
    PipelineTokenizer tokenizer(const std::string& component, text::TokenizerKind kind) const override;

private:
    std::map<std::string, Component> m_components;
};

/// Builds one component: parses its config, makes it from the weights, checks the books.
template <class Model, class Config>
Model buildComponent(ComponentSource& source, const std::string& component, const std::string& baseName,
    const Config& config, Placement placement)
{
    WeightStore store = source.weights(component, baseName, placement);
    Model model(config, store);
    source.finish(store);
    return model;
}

/// The VAE's decoding half; the other half's tensors stay in the file.
VaeDecoder buildVaeDecoder(ComponentSource& source, const VaeConfig& config, Placement placement);

/// The dtype of the VAE: as the model's, but fp32 where the file says that it overflows in fp16.
Placement vaePlacement(const VaeConfig& config, Placement placement);

} // namespace tintype::engine
