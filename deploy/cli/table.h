// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tintype::cli {

/// Rows in aligned columns. Every line ends with a newline; nothing trails behind the last column.
class Table {
public:
    /// Columns whose title begins with '>' are aligned to the right.
    explicit Table(std::vector<std::string> titles);

    void add(std::vector<std::string> row); ///< one cell for each column
    bool isEmpty() const { return m_rows.empty(); }

    /// @param columns of the terminal, to which the widest cells are cut; none = as wide as it gets
    std::string text(std::optional<int> columns) const;

private:
    struct Column {
        std::string title;
        bool right = false;
    };

    std::vector<int> widths(std::optional<int> columns) const;
    std::string line(const std::vector<std::string>& cells, const std::vector<int>& widths) const;

    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace tintype::cli
