# Tokenizers against transformers: a generator writes folders and expected ids, then every id is compared.

add_executable(parity_tokenizers "${CMAKE_CURRENT_LIST_DIR}/tokenizers.cpp")
target_link_libraries(parity_tokenizers PRIVATE tintype_text tintype_flags tintype_sanitizers tintype_warnings)
set_target_properties(parity_tokenizers PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")

set(_tokenizer_cases "${CMAKE_CURRENT_BINARY_DIR}/tokenizers")
add_test(NAME parity_tokenizers_record
    COMMAND "${TINTYPE_PYTHON}" "${CMAKE_CURRENT_LIST_DIR}/tokenizer_cases.py" "${_tokenizer_cases}")
set_tests_properties(parity_tokenizers_record PROPERTIES
    LABELS parity TIMEOUT 600 FIXTURES_SETUP tokenizer_cases)
add_test(NAME parity_tokenizers COMMAND parity_tokenizers "${_tokenizer_cases}")
set_tests_properties(parity_tokenizers PROPERTIES
    LABELS parity TIMEOUT 300 FIXTURES_REQUIRED tokenizer_cases)
