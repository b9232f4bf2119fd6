// SPDX-License-Identifier: Apache-2.0
#include "engine/pipelines/component_source.h"

#include "engine/nn/engine_error.h"

#include <ATen/ATen.h>

namespace tintype::engine {

void ComponentSource::finish(const WeightStore& store)
{
    store.finish();
    m_weightBytes += store.bytesTaken();
    m_parameters += store.parametersTaken();
}

FolderSource::FolderSource(weights::ModelFolder folder, std::string variant, Observer observer)
    : m_folder(std::move(folder))
    , m_variant(std::move(variant))
    , m_observer(std::move(observer))
{
}

std::string FolderSource::className(const std::string& component) const
{
    return valueOrRaise(m_folder.componentClass(component));
}

std::string FolderSource::configSource(const std::string& component) const
{
    return (m_folder.path / component / "config.json").string();
}

nlohmann::json FolderSource::config(const std::string& component) const
{
    return valueOrRaise(weights::readJsonFile(configSource(component)));
}

WeightStore FolderSource::weights(const std::string& component, const std::string& baseName, Placement placement)
{
    auto files = valueOrRaise(weights::openComponent(m_folder.path / component, baseName, m_variant));
    for (const auto& file : files.files)
        m_weightFiles.push_back(file.path());
    const std::uint64_t total = files.parameters() * c10::elementSize(placement.dtype);
    WeightStore store(std::move(files), placement, component);
    if (m_observer)
        store.setObserver([observer = m_observer, component, total](std::uint64_t bytes) { observer({component, bytes, total}); });
    return store;
}

PipelineTokenizer FolderSource::tokenizer(const std::string& component, text::TokenizerKind kind) const
{
    std::shared_ptr<text::Tokenizer> tokenizer = valueOrRaise(text::Tokenizer::load(m_folder.path / component, kind));
    const int limit = tokenizer->modelMaxLength();
    return {[tokenizer](const std::string& utf8, int maxLength) { return valueOrRaise(tokenizer->encode(utf8, maxLength)); }, limit};
}

WeightStore RandomSource::weights(const std::string& component, const std::string&, Placement placement)
{
    return WeightStore::random(placement, component);
}

PipelineTokenizer RandomSource::tokenizer(const std::string& component, text::TokenizerKind) const
{
    const auto vocabulary = m_configs.config(component == "tokenizer" ? "text_encoder" : "text_encoder_2").at("vocab_size").get<std::int64_t>();
    const auto encode = [vocabulary](const std::string&, int maxLength) {
        text::TokenIds ids;
        for (int i = 0; i < maxLength; ++i)
            ids.ids.push_back(i % vocabulary);
        ids.usedTokens = maxLength;
        return ids;
    };
    return {encode, text::Tokenizer::kNoLimit};
}

WeightStore ConfigSource::weights(const std::string& component, const std::string&, Placement)
{
    raise(ErrorCode::Internal, "{}: there are no weights, only configs", component);
}

PipelineTokenizer ConfigSource::tokenizer(const std::string& component, text::TokenizerKind) const
{
    raise(ErrorCode::Internal, "{}: there is no tokenizer, only configs", component);
}

VaeDecoder buildVaeDecoder(ComponentSource& source, const VaeConfig& config, Placement placement)
{
    WeightStore store = source.weights("vae", "diffusion_pytorch_model", placement);
    store.ignore("encoder.");
    store.ignore("quant_conv.");
    VaeDecoder vae(config, store);
    source.finish(store);
    return vae;
}

Placement vaePlacement(const VaeConfig& config, Placement placement)
{
    return {placement.device, placement.dtype == at::kHalf && config.forceUpcast ? at::kFloat : placement.dtype};
}

} // namespace tintype::engine
