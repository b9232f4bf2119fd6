// SPDX-License-Identifier: Apache-2.0
#include "engine/text/vocabulary_reader.h"

#include <cmath>
#include <fmt/format.h>

namespace tintype::text {
namespace {

constexpr std::size_t kMaxDepth = 100;
constexpr std::size_t kTypicalSize = 50'000; ///< CLIP has 49408 tokens, T5 32100

} // namespace

VocabularyReader::VocabularyReader(Layout layout)
    : m_layout(layout)
{
}

bool VocabularyReader::refuse(std::string problem)
{
    m_problem = std::move(problem);
    return false;
}

bool VocabularyReader::refuseValue()
{
    if (m_part == Part::Pairs)
        return refuse(fmt::format(
            "model.merges: entry {} is neither \"a b\" nor [\"a\", \"b\"]", m_vocabulary.merges.size()));
    if (m_vocabulary.hasScores)
        return refuse(fmt::format("model.vocab: entry {} is not [token, score]", m_vocabulary.entries.size()));
    return refuse(fmt::format("vocabulary: \"{}\" has no whole number from 0 to {} as id", m_token, kLargestId));
}

VocabularyReader::Part VocabularyReader::partAt(bool isObject) const
{
    if (m_layout == Layout::VocabularyOnly)
        return m_depth == 0 && isObject ? Part::Tokens : Part::Rest;
    if (m_depth != 2 || m_path.size() != 2 || m_path[0] != "model")
        return Part::Rest;
    if (m_path[1] == "vocab")
        return Part::Tokens;
    return m_path[1] == "merges" && !isObject ? Part::Pairs : Part::Rest;
}

bool VocabularyReader::restValue(nlohmann::json value)
{
    if (m_depth == 0)
        return refuse("the top of the JSON is not an object");
    nlohmann::json& parent = *m_open.back();
    if (parent.is_array())
        parent.push_back(std::move(value));
    else
        parent[m_path.back()] = std::move(value);
    return true;
}

bool VocabularyReader::open(nlohmann::json container, bool isObject)
{
    if (m_depth >= kMaxDepth)
        return refuse(fmt::format("JSON is nested deeper than {} levels", kMaxDepth));
    if (m_part == Part::Rest) {
        m_part = partAt(isObject);
        if (m_part == Part::Rest) {
            if (m_depth == 0 && !isObject)
                return refuse("the top of the JSON is not an object");
            if (m_depth == 0) {
                m_rest = std::move(container);
                m_open.push_back(&m_rest);
            } else {
                nlohmann::json& parent = *m_open.back();
                if (parent.is_array())
                    parent.push_back(std::move(container));
                else
                    parent[m_path.back()] = std::move(container);
                m_open.push_back(parent.is_array() ? &parent.back() : &parent[m_path.back()]);
            }
            m_path.emplace_back();
            ++m_depth;
            return true;
        }
        if (m_part == Part::Tokens) {
            if (!m_vocabulary.entries.empty())
                return refuse("model.vocab: is there twice");
            m_vocabulary.hasScores = !isObject;
            m_vocabulary.entries.reserve(kTypicalSize);
        } else {
            m_vocabulary.merges.reserve(kTypicalSize);
        }
        m_partDepth = m_depth++;
        return true;
    }
    // Inside the vocabulary and the merges only arrays of two are expected, one level down.
    const bool takesPairs = m_part == Part::Pairs || m_vocabulary.hasScores;
    if (isObject || !takesPairs || m_depth != m_partDepth + 1)
        return refuseValue();
    m_itemSize = 0;
    ++m_depth;
    return true;
}

bool VocabularyReader::close()
{
    --m_depth;
    if (m_part == Part::Rest) {
        m_open.pop_back();
        m_path.pop_back();
        return true;
    }
    if (m_depth == m_partDepth) {
        m_part = Part::Rest;
        return true;
    }
    return m_itemSize == 2 || refuseValue();
}

bool VocabularyReader::null()
{
    return m_part == Part::Rest ? restValue(nullptr) : refuseValue();
}

bool VocabularyReader::boolean(bool value)
{
    return m_part == Part::Rest ? restValue(value) : refuseValue();
}

bool VocabularyReader::onInteger(std::int64_t value)
{
    if (m_part == Part::Rest)
        return restValue(value);
    if (m_part == Part::Pairs)
        return refuseValue();
    return m_vocabulary.hasScores ? addScore(static_cast<double>(value)) : addId(value);
}

bool VocabularyReader::number_integer(number_integer_t value)
{
    return onInteger(value);
}

bool VocabularyReader::number_unsigned(number_unsigned_t value)
{
    if (value > INT64_MAX)
        return m_part == Part::Rest ? restValue(value) : refuseValue();
    return onInteger(static_cast<std::int64_t>(value));
}

bool VocabularyReader::number_float(number_float_t value, const string_t& /*text*/)
{
    if (m_part == Part::Rest)
        return restValue(value);
    return m_part == Part::Tokens && m_vocabulary.hasScores ? addScore(value) : refuseValue();
}

bool VocabularyReader::addId(std::int64_t id)
{
    if (id < 0 || id > kLargestId)
        return refuseValue();
    m_vocabulary.entries.push_back({std::move(m_token), id, 0.0});
    return true;
}

bool VocabularyReader::addScore(double score)
{
    const auto id = static_cast<std::int64_t>(m_vocabulary.entries.size());
    if (m_itemSize != 1 || m_depth != m_partDepth + 2 || !std::isfinite(score) || id > kLargestId)
        return refuseValue();
    m_itemSize = 2;
    m_vocabulary.entries.push_back({std::move(m_token), id, score});
    return true;
}

bool VocabularyReader::addMergePiece(std::string_view piece)
{
    Merges& merges = m_vocabulary.merges;
    if (m_depth == m_partDepth + 1) { // "a b"
        const std::size_t space = piece.find(' ');
        if (space == std::string_view::npos || piece.find(' ', space + 1) != std::string_view::npos)
            return refuseValue();
        merges.emplace_back(piece.substr(0, space), piece.substr(space + 1));
        return true;
    }
    if (m_itemSize == 0)
        m_token = piece;
    else if (m_itemSize == 1)
        merges.emplace_back(std::move(m_token), piece);
    else
        return refuseValue();
    ++m_itemSize;
    return true;
}

bool VocabularyReader::string(string_t& value)
{
    if (m_part == Part::Rest)
        return restValue(std::move(value));
    if (m_part == Part::Pairs)
        return addMergePiece(value);
    if (!m_vocabulary.hasScores || m_depth != m_partDepth + 2 || m_itemSize != 0)
        return refuseValue();
    m_token = std::move(value);
    m_itemSize = 1;
    return true;
}

bool VocabularyReader::binary(binary_t& /*value*/)
{
    return refuseValue();
}

bool VocabularyReader::start_object(std::size_t /*count*/)
{
    return open(nlohmann::json::object(), true);
}

bool VocabularyReader::key(string_t& value)
{
    if (m_part == Part::Rest)
        m_path.back() = std::move(value);
    else
        m_token = std::move(value);
    return true;
}

bool VocabularyReader::end_object()
{
    return close();
}

bool VocabularyReader::start_array(std::size_t /*count*/)
{
    return open(nlohmann::json::array(), false);
}

bool VocabularyReader::end_array()
{
    return close();
}

bool VocabularyReader::parse_error(
    std::size_t position, const std::string& /*token*/, const nlohmann::detail::exception& /*exception*/)
{
    return refuse(fmt::format("not valid JSON at byte {}", position));
}

} // namespace tintype::text
