"""A made-up county, for trying the product and for measuring it: no person, school or number in it is real."""
